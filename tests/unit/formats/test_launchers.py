from __future__ import annotations

import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linter.cel import UNKNOWN
from linter.formats.launchers import Environment, Launcher, commands, launchers
from linter.formats.launchers.script import HOLE, split
from linter.formats.launchers.words import MAX_COMMANDS


def read(
    command: list[Any], args: list[Any] | None = None, env: dict[str, Any] | None = None, image: str = ""
) -> tuple[Launcher, ...]:
    return launchers(command, args or [], Environment.of((env or {}).items()), image)


def one(*args: Any, **kwargs: Any) -> Launcher:
    found = read(*args, **kwargs)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("command", "engine", "devices", "world"),
    [
        ("vllm serve m --tensor-parallel-size 4", "vllm", 4, 4),
        ("vllm serve m --tensor_parallel_size=4 -pp 2", "vllm", 8, 8),
        ("vllm serve m", "vllm", 1, 1),
        ("vllm serve m -tp 2 -dp 4", "vllm", 8, 8),
        ("vllm serve m -tp 2 -dp 16 -dpl 4", "vllm", 8, 32),
        ("vllm serve m -tp 8 -pp 2 --distributed-executor-backend ray", "vllm", UNKNOWN, 16),
        ("vllm serve m -tp 8 --nnodes 2 --node-rank 1", "vllm", UNKNOWN, 8),
        ("python3 -m vllm.entrypoints.openai.api_server --model m -tp 2", "vllm", 2, 2),
        ("python -u -m sglang.launch_server --tp 8 --nnodes 2 --node-rank 0", "sglang", 4, 8),
        ("python -m sglang.launch_server --tp 4 --dp 2", "sglang", 8, 8),
        ("python -m sglang.launch_server --tp 4 --dp 4 --enable-dp-attention", "sglang", 4, 4),
        ("text-generation-launcher --model-id m --num-shard 2", "tgi", 2, None),
        ("text-generation-launcher --model-id m", "tgi", None, None),
        ("trtllm-serve m --tp_size 4", "trtllm", 4, 4),
        ("trtllm-serve m --tp_size 16 --gpus_per_node 8", "trtllm", 8, 16),
        ("lmdeploy serve api_server m --tp 2", "lmdeploy", 2, 2),
        ("llama-server -m x --tensor-split 1,1,2", "llama.cpp", 3, None),
        ("torchrun --nproc_per_node=8 --nnodes=2 train.py", "torchrun", 8, 16),
        ("torchrun --nproc-per-node gpu train.py", "torchrun", UNKNOWN, UNKNOWN),
        ("torchrun --standalone --nproc_per_node 4 train.py --nproc_per_node 9", "torchrun", 4, 4),
        ("python -m torch.distributed.run --nnodes 1:4 --nproc_per_node 8 t.py", "torchrun", 8, UNKNOWN),
        ("torchrun train.py", "torchrun", None, None),
        ("deepspeed --num_gpus 4 train.py", "deepspeed", 4, 4),
        ("deepspeed --include localhost:0,1,3 train.py", "deepspeed", 3, None),
        ("deepspeed --hostfile h --num_gpus 4 train.py", "deepspeed", None, 4),
        ("accelerate launch --num_processes 16 --num_machines 2 train.py", "accelerate", 8, 16),
        ("composer -n 8 train.py", "composer", 8, 8),
        ("python train.py trainer.devices=8 trainer.num_nodes=2", "hydra", 8, 16),
        ("mpirun --allow-run-as-root -np 16 -x NCCL_DEBUG ./all_reduce", "mpirun", None, 16),
    ],
)
def test_engines(command: str, engine: str, devices: Any, world: Any) -> None:
    for argv in (command.split(), ["/bin/bash", "-lc", "set -ex\nexport A=b; exec " + command]):
        found = one(argv)
        assert (found.engine, found.devices, found.world) == (engine, devices, world)


def test_image_entrypoint_takes_the_args() -> None:
    found = one([], ["--model", "m", "--tensor-parallel-size", "2"], image="docker.io/vllm/vllm-openai")
    assert (found.engine, found.devices, found.by_image) == ("vllm", 2, True)
    assert found.flags["model"].text == "m"


def test_nim_reads_env() -> None:
    found = one([], env={"NIM_TENSOR_PARALLEL_SIZE": "4"}, image="nvcr.io/nim/meta/llama-3.1-70b-instruct")
    assert (found.engine, found.devices) == ("nim", 4)
    assert one([], image="nvcr.io/nim/meta/llama").devices is None


@pytest.mark.parametrize(
    ("command", "env", "devices"),
    [
        (["vllm", "serve", "-tp", "$(TP)"], {"TP": "4"}, 4),
        (["vllm", "serve", "-tp", "$(TP)"], {"TP": None}, UNKNOWN),
        (["vllm", "serve", "-tp", "$(TP)"], {}, UNKNOWN),
        (["vllm", "serve", "-tp", "$(TP)"], {"N": "2", "TP": "$(N)"}, 2),
        (["vllm", "serve", "-tp", "$(TP)"], {"TP": "$(N)", "N": "2"}, UNKNOWN),
        (["vllm", "serve", "-tp", "$TP"], {"TP": "4"}, UNKNOWN),
        (["sh", "-c", "vllm serve -tp $TP"], {"TP": "4"}, 4),
        (["sh", "-c", "vllm serve -tp ${TP:-8}"], {}, UNKNOWN),
        (["sh", "-c", "TP=2\nvllm serve -tp ${TP}"], {}, 2),
        (["sh", "-c", "TP=2\nif x; then TP=4; fi\nvllm serve -tp ${TP}"], {}, UNKNOWN),
        (["sh", "-c", "vllm serve -tp $(nvidia-smi -L | wc -l)"], {}, UNKNOWN),
        (["vllm", "serve", UNKNOWN], {}, 1),
    ],
)
def test_variables(command: list[Any], env: dict[str, Any], devices: Any) -> None:
    assert repr(one(command, env=env).devices) == repr(devices)  # UNKNOWN compares with nothing


def test_args_are_the_script_of_a_shell_in_command() -> None:
    found = read(["/bin/sh", "-c"], ["# first\nray start --head && \\\n  vllm serve m \\\n  -tp 2"])
    assert [launcher.engine for launcher in found] == ["ray", "vllm"]
    assert found[1].facts["tensor_parallel"].origin.field == "args"
    assert found[1].facts["tensor_parallel"].origin.text == "-tp"


def _run(command: list[Any], files: dict[str, str]) -> tuple[list[str], Environment]:
    env = Environment.of([])
    found = commands(command, [], env, files.get)
    return [" ".join(word.text for word in each.words) for each in found], env


def test_a_mounted_script_that_runs_itself_is_looked_at_once() -> None:
    found, env = _run(["/s/a.sh"], {"/s/a.sh": "vllm serve m\nexec /s/a.sh"})
    assert found == ["vllm serve m", "/s/a.sh"]
    assert env.room.cut is None


def test_mounted_scripts_that_call_each_other_often_are_cut() -> None:
    files = {f"/s/{at}.sh": f"/s/{at + 1}.sh\n" * 60 for at in range(4)}
    found, env = _run(["bash", "/s/0.sh"], files)
    assert len(found) <= MAX_COMMANDS
    assert env.room.cut is not None
    assert env.room.cut.field == "command"


@pytest.mark.parametrize(("depth", "cut"), [(4, False), (5, True)])
def test_scripts_too_deep_in_others_are_cut(depth: int, cut: bool) -> None:
    script = "vllm serve m"
    for _ in range(depth):
        script = "sh -c " + shlex.quote(script)
    found, env = _run(shlex.split(script), {})
    assert (found == ["vllm serve m"]) is not cut
    assert (env.room.cut is not None) is cut


def test_a_shell_may_stand_behind_many_words() -> None:
    found, _ = _run([*["launcher"] * 60, "sh", "-c", "vllm serve m"], {})
    assert found[-1] == "vllm serve m"


def test_starters_are_nested() -> None:
    found = read(["mpirun", "-np", "2", "bash", "-c", "torchrun --nproc_per_node 8 t.py"])
    assert [(launcher.engine, launcher.world) for launcher in found] == [("mpirun", 2), ("torchrun", 8)]


@pytest.mark.parametrize(
    "command",
    [
        ["vllm", "bench", "serve"],
        ["ray", "status"],
        ["ollama", "pull", "m"],
        ["python", "app.py"],
        ["nginx"],
        ["accelerate", "config"],
    ],
)
def test_other_commands_start_nothing(command: list[Any]) -> None:
    assert read(command) == ()


def test_exec_form_with_flag_and_value_in_one_word() -> None:
    found = one(["vllm", "serve", "--tensor-parallel-size 2"])
    assert found.bad is not None
    assert found.devices is UNKNOWN


def test_prefixes_are_taken_off() -> None:
    words = commands(
        ["numactl", "--cpunodebind=0", "env", "A=1", "nohup", "tini", "--", "python", "x.py"],
        [],
        Environment(),
    )
    assert [word.text for word in words[0].words] == ["python", "x.py"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b; c 'd e' && f", [["a", "b"], ["c", "d e"], ["f"]]),
        ("a \\\n  b # no\nc", [["a", "b"], ["c"]]),
        ("if x; then y; fi", [["x"], ["y"]]),
        ("cat <<EOF > f\nvllm serve\nEOF\nd", [["cat"], ["d"]]),
        ('a "$X" "b\\"c" $(d e) 2>&1 > /dev/null', [["a", HOLE, 'b"c', HOLE]]),
        ("A=1 B=2 c", [["c"]]),
        ("export A=1", []),
    ],
)
def test_split(text: str, expected: list[list[str]]) -> None:
    assert [[word.text for word in words] for words in split(text, {})] == expected


@given(st.text(alphabet=st.sampled_from("ab -=\n\\'\"$(){}`;&|<>#0EOF")))
def test_split_never_fails_and_keeps_what_was_written(text: str) -> None:
    for words in split(text, {"A": "1"}):
        for word in words:
            assert word.raw in text


@pytest.mark.parametrize(
    ("args", "engine"),
    [
        (["--model=a/b", "--tensor-parallel-size=4"], "vllm"),
        (["--tensor_parallel_size", "4", "--max-model-len", "4096"], "vllm"),
        (["--model-path", "a/b", "--tp", "4", "--mem-fraction-static=0.9"], "sglang"),
        (["--model-id=a/b", "--num-shard=4"], "tgi"),
        (["--tensor-parallel-size=4"], ""),
        (["--model=a/b", "--port=80"], ""),
    ],
)
def test_engine_of_an_image_with_a_name_of_its_own(args: list[str], engine: str) -> None:
    found = read([], args, image="registry.example.org/ours")
    assert [item.engine for item in found] == ([engine] if engine else [])


def test_a_command_of_ones_own_is_no_engine() -> None:
    assert read(["python", "bench.py"], ["--model=a/b", "--tensor-parallel-size=4"], image="x/y") == ()
