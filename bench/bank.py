# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes a bank of embeddings of speech that holds no wake word.

python -m bench.bank FOLDER --out FILE [--frames N]

FOLDER keeps what is fetched: speech of Debian's packages (decoded by ffmpeg), and sentences of another one that its
synthesisers read out. With ../shared/corpus beside the repository its recordings of other speech are taken too. Every
second file is left out: bench.ears measures with those.
"""

import argparse
import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from appliance.ears.augment import Sound, at_level, elsewhere, noise, samples_of, sound_of, sped
from appliance.ears.embedding import STEP, WINDOW, Embedding, Embeddings
from appliance.ears.engine import RATE
from appliance.ears.recording import blocks
from bench.voices import voices

#: package -> its licence, and the share of the bank that it makes
SPEECH = {
    "asterisk-core-sounds-en-g722": ("CC-BY-SA-3.0", 0.10),
    "asterisk-core-sounds-es-g722": ("CC-BY-SA-3.0", 0.06),
    "asterisk-core-sounds-fr-g722": ("CC-BY-SA-3.0", 0.06),
    "asterisk-core-sounds-it-g722": ("CC-BY-3.0", 0.06),
    "asterisk-core-sounds-ru-g722": ("CC-BY-SA-3.0", 0.06),
    "klettres-data": ("GPL-2.0-or-later", 0.05),
    "ktuberling-data": ("GPL-2.0-or-later", 0.05),
    "tuxpaint-stamps-default": ("GPL-2.0-or-later", 0.17),
}
SENTENCES = "fortunes"
RECORDED_SHARE, READ_SHARE, CONFUSABLE_SHARE, NOISE_SHARE = 0.1, 0.13, 0.12, 0.04
#: What people say that sounds like a wake word, or begins or ends like one.
CONFUSABLE = """
alexis, alexander, a lexus, electra, elected, a letter, election, alessa, alec, relax, annex a, a lecture, flex
a, axle, elixir, texas, commuter, compute, competitor, commute her, come pewter, computing, computation,
competent, confuse her, polluter, recruiter, tutor, scooter, amazing, amazed, amazonia, a mason, on a zone,
ammo, emma, a maze in, echoes, gecko, deco, eggo, ecology, necktie, a co, sicko, tackle, taco, ziggurat, iggy,
zigzag, piggy, city, biggie, zygote, hey, hey sonar, hey so long, so no, sonnet, sono, hey soldier, hey there,
hey goodbye, hey good girl, hey giggle, goggles, giggle, okay, okay good, okay goal, okay cool, oak, hey
seriously, hey sir, hey city, series, serious, sorry, cereal, syria, syrup, siren, sarah, surreal, theory,
cortina, corner, montana, banana, court on a, hey honey, hey you, hey guys, hey man, hey baby, hey rosie
"""
WORDS = ("alexa", "computer", "amazon", "echo", "ziggy", "google", "siri", "sonos", "cortana")
_PIECE_S = 20.0  #: a stretch of the bank


def main() -> None:
    """Fetch, hear, embed, write."""
    asked = _arguments()
    asked.folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    stretches = list(_stretches(asked.folder, asked.frames, rng))
    whole = np.concatenate(stretches)
    step = np.float32(np.abs(whole).max() / 127)
    starts = np.cumsum([0, *(len(each) for each in stretches[:-1])])
    np.savez_compressed(asked.out, embeddings=np.rint(whole / step).astype(np.int8), step=step, starts=starts)
    print(f"{len(whole)} embeddings, {len(whole) * STEP / RATE / 3600:.2f} h, {asked.out.stat().st_size / 1e6:.1f} MB")


def _stretches(folder: Path, frames: int, rng: np.random.Generator) -> Iterator[Embeddings]:
    """Yield the embeddings of each source's share: half as it is, half as it would be elsewhere."""
    embedding = Embedding()
    for name, share, sounds in _sources(folder, frames * STEP / RATE, rng):
        left = int(share * frames * STEP)
        for at, piece in enumerate(_pieces(sounds)):
            if left <= 0:
                break
            changed = elsewhere(sped(piece, rng), rng) if at % 2 else at_level(piece, rng.uniform(-40, -15))
            embedding.reset()
            found = embedding.feed(samples_of(changed[:left]))
            if len(found) >= WINDOW:
                yield found
            left -= changed.size
        print(f"{name}: {max(0, left) / RATE:.0f} s short of its share", flush=True)


def _sources(folder: Path, seconds: float, rng: np.random.Generator) -> Iterator[tuple[str, float, Iterator[Sound]]]:
    for package, (_, share) in SPEECH.items():
        files = np.array(spoken_files(folder, package)[::2] * 2, object)
        yield package, share, decoded(rng.permutation(files))
    yield "recorded", RECORDED_SHARE, _recorded()
    yield "read out", READ_SHARE, _read_out(_sentences(folder, rng), rng)
    yield "confusable", CONFUSABLE_SHARE, _read_out([each.strip() for each in CONFUSABLE.split(",")] * 12, rng)
    yield "noise", NOISE_SHARE, (noise(int(_PIECE_S * RATE), rng) for _ in range(int(seconds)))


def _pieces(sounds: Iterator[Sound]) -> Iterator[Sound]:
    """Yield stretches of _PIECE_S, with a short pause between two sounds."""
    waiting: list[Sound] = []
    for sound in sounds:
        waiting += [sound, np.zeros(RATE // 4)]
        if sum(map(len, waiting)) >= _PIECE_S * RATE:
            yield np.concatenate(waiting)
            waiting.clear()
    if waiting:
        yield np.concatenate(waiting)


def fetched(folder: Path, package: str) -> Path:
    """Return the folder of what Debian's ``package`` holds."""
    inside = folder / package
    if not inside.is_dir():
        subprocess.run(["apt-get", "download", "-qq", package], cwd=folder, check=True)
        (archive,) = folder.glob(f"{package}_*.deb")
        subprocess.run(["dpkg", "-x", archive, inside], check=True)
    return inside


def spoken_files(folder: Path, package: str) -> list[Path]:
    """Return the files of Debian's ``package`` that are speech; every second one is left for bench.ears."""
    every = (each for each in fetched(folder, package).rglob("*") if "silence" not in each.parts)
    return sorted(each for each in every if each.suffix in {".g722", ".ogg", ".wav"} and each.is_file())


def decoded(paths: Iterable[Path]) -> Iterator[Sound]:
    """Yield the sound of each of ``paths``, whatever ffmpeg can read."""
    for path in paths:
        command = ["ffmpeg", "-v", "error", "-i", str(path), "-f", "s16le", "-ac", "1", "-ar", str(RATE), "-"]
        raw = subprocess.run(command, capture_output=True, check=False).stdout
        if len(raw) > RATE // 5:
            yield sound_of(np.frombuffer(raw, np.int16))


def _recorded() -> Iterator[Sound]:
    folder = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "speech"
    for _ in range(2):
        for kind in ("neg-coffee", "neg-precise", "neg-word"):
            for path in sorted(folder.glob(f"{kind}*.wav"))[::2]:
                yield sound_of(np.concatenate([block.samples for block in blocks(path, 0.0)]))


def _read_out(texts: list[str], rng: np.random.Generator) -> Iterator[Sound]:
    every = list(voices((0.85, 1.0, 1.15, 1.3)))
    for text in texts:
        try:
            yield every[rng.integers(len(every))].say(text)
        except (subprocess.CalledProcessError, ValueError):
            continue  # some voices choke on some texts


def _sentences(folder: Path, rng: np.random.Generator) -> list[str]:
    texts = []
    for path in sorted(fetched(folder, SENTENCES).rglob("fortunes/*")):
        if path.is_file() and "." not in path.name:
            for text in path.read_text(errors="ignore").split("\n%\n"):
                plain = re.sub(r"\s+", " ", re.sub(r"[^A-Za-z0-9'.,?! ]", " ", text)).strip()
                if 40 < len(plain) < 220 and not any(word in plain.lower() for word in WORDS):
                    texts.append(plain)
    return [str(each) for each in rng.permutation(texts)]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--frames", type=int, default=64_000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
