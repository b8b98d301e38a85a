"""Which manifests have their keys in order, as programs write them."""

from __future__ import annotations

from linter.aside.copies.sortedkeys import is_sorted

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  labels:
    app: {name}
  name: {name}
spec:
  template:
    spec:
      containers:
      - args:
        - --verbose
        command:
        - sh
        - -c
        - |
          z: is not a key
          a: neither
        image: registry.example.org/{name}:1.0
        name: {name}
        ports:
        - containerPort: 80
          name: http
        volumeMounts:
        - mountPath: /data
          name: data
      volumes:
      - emptyDir: {{}}
        name: data
---
"""


def is_written(*texts: str) -> bool:
    return is_sorted("".join(texts).splitlines())


def test_a_program_writes_all_keys_in_order() -> None:
    objects = [DEPLOYMENT.format(name=name) for name in "abc"]
    assert is_written(*objects)
    assert not is_written(*objects[:2])  # few objects may be in order by chance


def test_one_key_out_of_order_is_written_by_people() -> None:
    objects = [DEPLOYMENT.format(name=name) for name in "abc"]
    turned = objects[2].replace(
        "mountPath: /data\n          name: data", "name: data\n          mountPath: /data"
    )
    assert turned != objects[2]
    assert not is_written(*objects[:2], turned)


def test_roles_are_in_order_by_themselves() -> None:
    rule = "- apiGroups: ['']\n  resources: [pods]\n  verbs: [get]\n"
    role = (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: a\nrules:\n"
        + rule * 20
        + "---\n"
    )
    assert not is_written(role * 5)
