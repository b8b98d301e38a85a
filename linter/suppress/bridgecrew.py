"""Checkov's checks under the names that its platform, Bridgecrew, gives them: comments skip either.

Checkov asks the platform which is which; these stand in its documentation and in the guides that its results name.
"""

from __future__ import annotations

_CHECKOV = {
    "BC_AWS_KUBERNETES_1": "CKV_AWS_38",
    "BC_AWS_KUBERNETES_2": "CKV_AWS_39",
    "BC_AWS_KUBERNETES_3": "CKV_AWS_58",
    "BC_AWS_KUBERNETES_4": "CKV_AWS_37",
    "BC_AWS_IAM_16": "CKV_AWS_40",
    "BC_AWS_S3_13": "CKV_AWS_18",
    "BC_AWS_S3_16": "CKV_AWS_21",
    "BC_AWS_S3_19": "CKV_AWS_53",
    "BC_AWS_S3_20": "CKV_AWS_54",
    "BC_AWS_S3_21": "CKV_AWS_55",
    "BC_AWS_S3_22": "CKV_AWS_56",
    "BC_AWS_PUBLIC_12": "CKV_AWS_88",
    "BC_AWS_GENERAL_31": "CKV_AWS_79",
    "BC_AWS_LOGGING_9": "CKV2_AWS_11",
}


def checkov_id(written: str) -> str:
    """The id of Checkov that a name of its platform means; others as they are."""
    return _CHECKOV.get(written.upper(), written)
