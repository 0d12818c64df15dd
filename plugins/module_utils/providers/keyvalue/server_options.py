# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server's options at CloudSigma and ElasticHosts: checked beyond single values, and completed. Pure functions."""

from __future__ import annotations

import ipaddress

from ...errors import BadInput, Precondition
from . import server_wire as wire
from .server_fields import wrong_label
from .text import refuse_entities


def check(provider, options):
    """:raises BadInput: for options that do not go together, or that cannot be here."""
    own = options.get(provider) or {}
    drives = options.get('drives') or []
    refuse_entities(provider, options, 'name')
    if options.get('size_gb') is not None and options.get('image') is None:
        raise BadInput('size_gb goes with image: it is the size of the drive that is made from it')
    if own.get('boot') is not None and boots(drives):
        raise BadInput('%s.boot and drives.boot say the same; use one of them' % provider)
    _check_drives(provider, options, own, drives)
    _check_networks(provider, options.get('networks') or [], own.get('remove_networks') or [])
    _check_address('vnc_address', options.get('vnc_address'))
    wrong = wrong_label(options.get('labels') or {})
    if wrong:
        raise BadInput(wrong)


def _check_drives(provider, options, own, drives):
    for position, each in enumerate(drives):
        if (each.get('id') is None) == (each.get('name') is None):
            raise BadInput('drives[%d] needs one of id and name' % position)
    for key in ('id', 'name', 'device'):
        given = [str(each[key]).lower() for each in drives if each.get(key)]
        twice = sorted({each for each in given if given.count(each) > 1})
        if twice:
            raise BadInput('drives: %s %s is there twice' % (key, ', '.join(twice)))
    both = {str(each.get(key)).lower() for each in drives for key in ('id', 'device')} & set(_detached(own))
    if both:
        raise BadInput('drives and %s.detach_drives name the same: %s' % (provider, ', '.join(sorted(both))))
    both = set(own.get('boot') or ()) & set(_detached(own))
    if both:
        raise BadInput('%s.boot and %s.detach_drives name the same: %s' % (provider, provider, ', '.join(sorted(both))))
    if options.get('image') is not None and any(each.get('device') == image_device(own) for each in drives):
        raise BadInput('drives: %s is for the drive that is made from image; see %s.image_drive.device'
                       % (image_device(own), provider))


def _check_address(label, value):
    if value in (None, '', 'auto'):
        return
    try:
        ipaddress.IPv4Address(value)
    except ValueError as exc:
        raise BadInput("%s must be 'auto', a static IP, or empty for none, not %r" % (label, value)) from exc


def _check_networks(provider, networks, removed):
    for position, each in enumerate(networks):
        label, kind = 'networks[%d]' % position, each.get('type')
        if kind == 'private' and not each.get('network'):
            raise BadInput('%s is private and needs network, the UUID of a VLAN' % label)
        if kind == 'public' and each.get('network'):
            raise BadInput('%s is public and cannot be in a VLAN' % label)
        if each.get('network') and each.get('address'):
            raise BadInput('%s: an interface in a VLAN gets no address' % label)
        public, index = kind == 'public' or not kind and not each.get('network'), each.get('index')
        if index is not None and public != (index == 0):
            raise BadInput('%s: interface 0 is the public one, and 1 to 3 are private ones in VLANs, not %s'
                           % (label, index))
        if public and each.get('mac'):
            raise BadInput('%s is public, and only an interface in a VLAN takes a mac' % label)
        _check_address(label + '.address', each.get('address'))
    indexes = [each['index'] for each in networks if each.get('index') is not None]
    if len(indexes) != len(set(indexes)):
        raise BadInput('networks: an index is there twice')
    if not set(removed) <= set(wire.NICS):
        raise BadInput('%s.remove_networks takes 0 to 3' % provider)
    if set(indexes) & set(removed):
        raise BadInput('networks and %s.remove_networks name the same index' % provider)
    for position, each in enumerate(networks):
        # The public interface is number 0, said or not.
        if each.get('index') is None and not each.get('network') and 0 in removed:
            raise BadInput('networks[%d] is the public interface, which %s.remove_networks names as 0'
                           % (position, provider))
    wire.nics(networks, [], removed)


def boots(drives):
    """Whether any of the drives says whether to start from it."""
    return any(each.get('boot') is not None for each in drives)


def image_device(own):
    """Where the drive that is made from the image goes."""
    return (own.get('image_drive') or {}).get('device') or wire.PLACES[0]


def _detached(own):
    return [each.lower() for each in own.get('detach_drives') or []]


def fill(provider, wanted, options, before, named):
    """The wanted fields, completed: defaults of a new server, and of lists what is not said.

    :param named: {name: {id, media}} of the drives that are wanted by name.
    """
    own = options.get(provider) or {}
    filled = {key: value for key, value in wanted.items()
              if key not in (provider + '.detach_drives', provider + '.remove_networks')}
    filled['networks'] = _networks(wanted.get('networks'), own.get('remove_networks') or [], options, before)
    if before is None and wanted.get('persistent') is None:
        filled['persistent'] = True
    if before is None and wanted.get('vnc_password') and wanted.get('vnc_address') is None:
        filled['vnc_address'] = 'auto'
    if wanted.get('drives') is not None or _detached(own) and before:
        filled['drives'], boot = _drives(provider, wanted.get('drives') or [], options, before, named)
        if boot is not None and wanted.get(provider + '.boot') is None:
            filled[provider + '.boot'] = boot
    return filled


def _networks(wanted, removed, options, before):
    """All interfaces as they shall be, or None where nothing is said of them."""
    if before is not None:
        try:
            return wire.nics(wanted or [], before['networks'] or [], removed) if wanted or removed else None
        except BadInput as exc:
            # The list is right in itself; it is the interfaces that are there which leave no room.
            raise Precondition(exc.message) from exc
    if wanted is None and options.get('clone_from') is not None:
        return None
    if wanted is None:
        wanted = [] if 0 in removed else [{'type': 'public'}]
    return wire.nics(wanted, [], removed)


def _drives(provider, given, options, before, named):
    """(all drives as they shall be, the devices to start from, or None where nothing is said of them)."""
    own, current = options.get(provider) or {}, before['drives'] if before else []
    known = [named.get(each.get('name')) or {'id': each['id'].lower(), 'media': None} for each in given]
    asked = [{'id': drive['id'], 'device': each.get('device'), 'media': each.get('media') or drive['media']}
             for each, drive in zip(given, known)]
    ids = [each['id'] for each in asked]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise Precondition('drives: %s is there twice' % ', '.join(twice))
    reserved = (image_device(own),) if before is None and options.get('image') is not None else ()
    target = wire.layout(asked, current, _detached(own), reserved)
    if not before and not boots(given):
        return target, None
    places = {each['id']: each['device'] for each in target}
    moved = {each['device']: places.get(each['id']) for each in current}
    was = before[provider + '.boot'] or [] if before else []
    boot = [moved.get(device, device) for device in was]
    boot = [device for device in boot if device]
    for ident, each in zip(ids, given):
        if each.get('boot') is False and places[ident] in boot:
            boot.remove(places[ident])
        elif each.get('boot') and places[ident] not in boot:
            boot.append(places[ident])
    # What is sent may name no device that is not there, even if it was named before.
    return target, boot if boot == was else [device for device in boot if device in places.values()]
