"""Attacks on a signed list, each with one idea (XML signature wrapping, and others)."""

from __future__ import annotations

import copy

from lxml import etree

from trusted_lists import DS, TSL, XADES, only


def parsed(data: bytes) -> etree._Element:
    return etree.fromstring(data)


def written(root: etree._Element) -> bytes:
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return data


def _forged(root: etree._Element) -> etree._Element:
    """The list with another sequence number and without its signature."""
    forged = copy.deepcopy(root)
    forged.remove(_signature(forged))
    number = only(forged, f".//{{{TSL}}}TSLSequenceNumber")
    number.text = "9999"
    return forged


def _signature(root: etree._Element) -> etree._Element:
    return only(root, f"{{{DS}}}Signature")


def _hide(forged: etree._Element, original: etree._Element) -> None:
    scheme = only(forged, f"{{{TSL}}}SchemeInformation")
    etree.SubElement(scheme, f"{{{TSL}}}SchemeExtensions").append(original)


def changed_content(data: bytes) -> bytes:
    root = parsed(data)
    only(root, f".//{{{TSL}}}TSLSequenceNumber").text = "9999"
    return written(root)


def nested_original(data: bytes) -> bytes:
    """Another list around the whole genuine one, signature and all."""
    original = parsed(data)
    forged = _forged(original)
    forged.attrib.pop("Id", "")
    _hide(forged, original)
    return written(forged)


def moved_signature(data: bytes) -> bytes:
    """The signature outside, the genuine content hidden inside."""
    return _hidden_inside(data, keep_id=False)


def duplicate_id(data: bytes) -> bytes:
    """As before, and both lists bear the Id that is signed."""
    return _hidden_inside(data, keep_id=True)


def _hidden_inside(data: bytes, *, keep_id: bool) -> bytes:
    original = parsed(data)
    forged = _forged(original)
    signature = _signature(original)
    original.remove(signature)
    if not keep_id:
        forged.attrib.pop("Id", "")
    _hide(forged, original)
    forged.append(signature)
    return written(forged)


def original_in_signature(data: bytes) -> bytes:
    """The genuine content in an Object of the signature."""
    original = parsed(data)
    forged = _forged(original)
    signature = _signature(original)
    original.remove(signature)
    forged.attrib.pop("Id", "")
    etree.SubElement(signature, f"{{{DS}}}Object").append(original)
    forged.append(signature)
    return written(forged)


def two_signatures(data: bytes) -> bytes:
    root = parsed(data)
    twin = copy.deepcopy(_signature(root))
    for element in twin.iter():
        element.attrib.pop("Id", "")
    root.append(twin)
    return written(root)


def signature_elsewhere(data: bytes) -> bytes:
    root = parsed(data)
    only(root, f"{{{TSL}}}SchemeInformation").append(_signature(root))
    return written(root)


def two_properties(data: bytes) -> bytes:
    """A second set of signed properties beside the one that is signed."""
    root = parsed(data)
    holder = only(root, f".//{{{XADES}}}QualifyingProperties/..")
    twin = copy.deepcopy(holder[0])
    for element in twin.iter():
        element.attrib.pop("Id", "")
    holder.append(twin)
    return written(root)


def changed_properties(data: bytes) -> bytes:
    """Another time of signing in the signed properties."""
    root = parsed(data)
    only(root, f".//{{{XADES}}}SigningTime").text = "2030-01-01T00:00:00Z"
    return written(root)


def unsigned(data: bytes) -> bytes:
    root = parsed(data)
    root.remove(_signature(root))
    return written(root)


WRAPPED = {
    attack.__name__: attack
    for attack in (
        changed_content,
        nested_original,
        moved_signature,
        duplicate_id,
        original_in_signature,
        two_signatures,
        signature_elsewhere,
        two_properties,
        changed_properties,
        unsigned,
    )
}
# Told as changed, not as wrapped; a document that is signed as a whole ("") is simply
# another one where its signature was moved.
CHANGED = ("changed_content", "changed_properties", "unsigned")
MOVED = ("moved_signature", "original_in_signature")
