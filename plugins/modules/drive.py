#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: drive
short_description: Create, change, copy, fill, attach and delete drives
version_added: 0.1.0
description:
  - One set of options for drives at UpCloud, which calls them storages, CloudSigma and ElasticHosts.
  - An option that the chosen provider cannot honour is refused before any request, with what to use instead.
  - What only one provider has stands in the dictionary option of its name.
  - The limits that are named here are checked before any request.
author:
  - The indie.cloud authors (@indie-cloud)
extends_documentation_fragment:
  - indie.cloud.provider
  - indie.cloud.wait
  - indie.cloud.wait.timeout
  - indie.cloud.wait.state_dir
  - indie.cloud.attributes
  - indie.cloud.attributes.action_group
attributes:
  check_mode:
    support: full
    details:
      - Reads, also O(path) where O(state=uploaded). RV(changed), RV(steps) and the known part of RV(diff) are those of
        the real run.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Contents cannot be compared. O(state=imported), O(state=uploaded) and O(state=filesystem_resized) act each time,
        unless O(once) says that it was done.
      - O(state=downloaded) does nothing where O(path) is there, unless its checksum is not O(checksum), or with
        O(force=true).
options:
  provider:
    description: The cloud that the drive is at.
    type: str
    required: true
    choices: [upcloud, cloudsigma, elastichosts]
  state:
    description:
      - What is wanted.
      - V(present) makes the drive if there is none and changes it where it differs.
      - V(absent) deletes the drive B(with all that is on it). One that is attached to a server is refused unless
        O(detach=true). At UpCloud its backups are kept and go on being billed unless O(upcloud.delete_backups) says
        otherwise. RV(kept_backups) lists them.
      - V(detached) detaches the drive from O(server), or from every server, and keeps it. A CD-ROM is ejected. The
        drive must be there. At CloudSigma and ElasticHosts the servers that have it must be stopped.
      - V(imported) has UpCloud fetch contents from O(url). V(uploaded) sends the file O(path). Both
        B(overwrite what is on the drive), and make the drive if there is none.
      - V(downloaded) reads the whole drive into the file O(path), at CloudSigma and ElasticHosts.
      - V(filesystem_resized) grows the last partition and its file system to the end of the drive, at UpCloud. A backup
        made before it stays and is billed, see RV(resize_backup). With a larger O(size_gb) the drive grows first.
      - V(cancelled) gives up an import that is under way, or the making of a drive, at UpCloud. A drive that was being
        made goes by that. Nothing is done where nothing is under way.
    type: str
    choices: [present, absent, detached, imported, uploaded, downloaded, filesystem_resized, cancelled]
    default: present
  id:
    description:
      - UUID of a drive, which must exist unless O(state=absent).
      - With O(name) as well, O(id) identifies and O(name) is what the drive shall be called.
      - One of O(id) and O(name) is needed.
    type: str
  name:
    description:
      - The drive's name, by which it is found when O(id) is not given. Two drives of that name are an error that lists
        their ids.
      - At UpCloud the title, of at most 255 characters. Only drives of O(type) are looked at.
      - At CloudSigma and ElasticHosts without control characters, spaces at its ends, HTML entities such as C(&amp;),
        or a backslash with an n behind it, which would not be read back as they were written.
    type: str
  type:
    description:
      - What kind of drive is meant, at UpCloud. V(disk) unless said.
      - A V(template) is made of the drive that O(clone_from) names, and of nothing else.
      - A V(cdrom) is UpCloud's own, by title or UUID. It can be loaded with O(server) and ejected with
        O(state=detached), not changed.
      - A V(backup) goes with O(id) only. The module M(indie.cloud.snapshot) makes and restores backups.
    type: str
    choices: [disk, cdrom, template, backup]
  zone:
    description:
      - Zone to make the drive in, such as V(fi-hel1), at UpCloud. A clone is in the zone of its source unless this is
        said. It cannot be changed.
      - At CloudSigma and ElasticHosts each zone has an endpoint of its own, so the option is refused.
    type: str
  size_gb:
    description:
      - Size in GiB. A drive can grow and not shrink. To make one smaller is refused.
      - A new drive needs it, unless O(image), O(clone_from), or the file of O(state=uploaded) tells it. It must be at
        least the size of what is copied.
      - At UpCloud a whole number from 1 to 4096. It can grow only while the servers that have it are stopped.
      - At CloudSigma and ElasticHosts sizes are rounded up to 4 MiB, and sizes that differ by no more are equal. It can
        grow only while no running server uses it.
    type: float
  tier:
    description:
      - Class of storage. It cannot be changed.
      - At UpCloud V(maxiops), V(standard) or V(hdd). A new drive has V(maxiops), a copy the tier of its source, unless
        this is said.
      - At ElasticHosts V(disk) or V(ssd). At CloudSigma use the tag V(affinity:ssd).
    type: str
  encrypted:
    description:
      - Whether what is on the drive is encrypted at rest. It cannot be changed.
      - At CloudSigma it cannot be said of a copy.
    type: bool
  image:
    description:
      - What to make the drive of, by name or UUID. A template at UpCloud, a standard drive or one of your drives at
        CloudSigma and ElasticHosts.
      - Used when the drive is made, and not compared.
    type: str
  clone_from:
    description:
      - Another drive of yours to make the drive of, by name or UUID. Used when the drive is made, and not compared.
      - At ElasticHosts no running server may have it, unless its claim is shared.
    type: str
  server:
    description:
      - Server that the drive shall be attached to, by UUID, host name or title, at UpCloud. A CD-ROM is loaded.
      - With O(state=detached) the one to detach it from.
      - A disk that is attached elsewhere is moved only with O(detach=true).
      - At CloudSigma and ElasticHosts use O(indie.cloud.server#module:drives).
    type: str
  device:
    description:
      - Where to attach it to O(server), such as V(virtio), V(virtio:1), V(scsi:0:0) or V(ide:0:1). A free place of
        V(virtio) is chosen unless given. For C(ide) the server must be stopped.
      - Used when it is attached, and not compared.
    type: str
  boot:
    description: Whether O(server) boots from it. Used when it is attached, and not compared.
    type: bool
  detach:
    description:
      - Whether a drive that is attached may be detached, to be deleted or to be attached to another server.
      - At CloudSigma and ElasticHosts the servers that have it must be stopped.
    type: bool
    default: false
  backup_rule:
    description: Regular backups, at UpCloud. An empty dictionary removes the rule.
    type: dict
    suboptions:
      interval:
        description: How often.
        type: str
        choices: [daily, mon, tue, wed, thu, fri, sat, sun]
      time:
        description: When, as C(hhmm) in UTC.
        type: str
      retention:
        description: For how many days each is kept, 1 to 1095.
        type: int
  tags:
    description:
      - Tags, all of them, at CloudSigma and ElasticHosts. The order does not matter, and an empty list removes them
        all.
      - At CloudSigma V(affinity:ssd) asks for an SSD.
    type: list
    elements: str
  labels:
    description:
      - Labels, added to those that are there unless O(purge_labels=true).
      - At UpCloud a key has 1 to 32 letters, digits, C(-) and C(_) and does not begin with C(_), a value at most 255
        characters. At ElasticHosts they are the C(user:) keys of the drive.
    type: dict
  purge_labels:
    description:
      - Whether labels that are not listed in O(labels) are removed. The provider's own, with C(_) in front, stay.
    type: bool
    default: false
  path:
    description:
      - With O(state=uploaded) the file to send. With O(state=downloaded) the file to make.
      - At CloudSigma and ElasticHosts contents go in chunks of 4 MiB. A transfer that was interrupted goes on where it
        was when the same task is run again, if that part of the file is still the same. How far it came is kept in
        O(state_dir), for the last transfer of each drive. Another upload or image from the same O(state_dir) puts an
        end to it. A download is in a file beside O(path) whose name ends in C(.part) until it is complete.
      - Memory does not grow with the size. To send and then read a file of 10 GiB that is mostly empty, a process of 50
        MiB was measured to grow by 20 MiB.
      - What a server, or another machine, wrote to the drive in between is not told. Before a download goes on, the
        last chunk is read again and compared, and where it differs all is read anew. That is a sample. Only
        O(checksum) proves that a download is what it should be, and only O(force=true) that an upload is whole.
      - At UpCloud the file goes in one request, so one that was interrupted begins anew.
    type: path
  url:
    description: Where UpCloud fetches contents from with O(state=imported). It is never shown.
    type: str
  checksum:
    description:
      - What the contents must have, as C(sha256:) and 64 hexadecimal digits.
      - A file is checked before any request, also in check mode, and one that is downloaded before it takes its name.
      - With O(state=downloaded), a file that is there and has another checksum is read anew.
        Contents that are imported are checked afterwards.
      - It is that of the contents before compression. Of an import it is compared with what UpCloud tells,
        by the task that waits for it and not by the module M(indie.cloud.job).
    type: str
  compression:
    description:
      - How the file O(path) is compressed, with O(state=uploaded). It is undone at UpCloud, or here before it is sent
        to CloudSigma or ElasticHosts.
      - Such a file is read to its end before any request, also in check mode, so that one that is broken, or holds more
        than the drive, is refused before anything is written.
    type: str
    choices: [none, gzip, xz]
    default: none
  compress:
    description: Whether chunks are compressed on their way to CloudSigma and ElasticHosts.
    type: bool
    default: true
  force:
    description:
      - Whether O(state=downloaded) replaces a file that is there, and whether O(state=uploaded) sends again what an
        interrupted run sent, at CloudSigma and ElasticHosts.
    type: bool
    default: false
  once:
    description:
      - A word of yours, of up to 255 printable characters. With O(state=imported), O(state=uploaded),
        O(state=downloaded) or O(state=filesystem_resized) the task acts once for each such word, and later runs with
        the same word change nothing.
      - The words that were used are kept in O(state_dir), so this holds where that folder stays.
    type: str
  upcloud:
    description: What only UpCloud has.
    type: dict
    suboptions:
      favorite:
        description: Whether it is among the favourites.
        type: bool
      delete_backups:
        description: What becomes of the drive's backups with O(state=absent). V(keep) unless said.
        type: str
        choices: [keep, keep_latest, delete]
  cloudsigma:
    description: What only CloudSigma has, or what ElasticHosts has otherwise.
    type: dict
    suboptions:
      claim_type:
        description: Whether one server at a time may use it, or several.
        type: str
        choices: [exclusive, shared]
      readers:
        description: UUIDs of users who may read it, all of them. V(ffffffff-ffff-ffff-ffff-ffffffffffff) is everybody.
        type: list
        elements: str
      use:
        description: What the drive is for, in words of yours. It cannot be said of a copy.
        type: list
        elements: str
  elastichosts:
    description: What only ElasticHosts has, or what CloudSigma has otherwise.
    type: dict
    suboptions:
      claim_type:
        description: Whether one server at a time may use it, or several.
        type: str
        choices: [exclusive, shared]
      readers:
        description: UUIDs of users who may read it, all of them. V(ffffffff-ffff-ffff-ffff-ffffffffffff) is everybody.
        type: list
        elements: str
      avoid:
        description: UUIDs of drives whose hosts to avoid. Used when the drive is made, and not compared.
        type: list
        elements: str
"""

EXAMPLES = r"""
# The credentials come from the environment, such as UPCLOUD_TOKEN.
# Run twice, these tasks change nothing the second time.

- name: Have a drive at UpCloud, with a backup each night that is kept for a week
  indie.cloud.drive:
    provider: upcloud
    name: data
    zone: fi-hel1
    size_gb: 20
    labels:
      role: data
    backup_rule: {interval: daily, time: '0430', retention: 7}

- name: Have a drive that is a copy of a template, and larger
  indie.cloud.drive:
    provider: upcloud
    name: root
    zone: fi-hel1
    image: Debian GNU/Linux 12 (Bookworm)
    size_gb: 30

- name: Have a template that is made of that drive
  indie.cloud.drive:
    provider: upcloud
    name: golden
    type: template
    clone_from: root

- name: Have a drive at ElasticHosts, made from a standard drive
  indie.cloud.drive:
    provider: elastichosts
    name: root
    image: Debian Linux 12
    size_gb: 10
    tier: ssd

- name: Have a copy of it
  indie.cloud.drive:
    provider: elastichosts
    name: root-copy
    clone_from: root

- name: Have a drive at CloudSigma, on an SSD
  indie.cloud.drive:
    provider: cloudsigma
    name: data
    size_gb: 20
    tags: [affinity:ssd]

- name: Have the contents of an image at UpCloud on a drive, fetched once
  indie.cloud.drive:
    provider: upcloud
    name: appliance
    zone: fi-hel1
    size_gb: 10
    state: imported
    url: https://images.example.com/appliance-1.0.raw
    once: appliance 1.0

- name: Grow a drive, and the file system on it, once
  indie.cloud.drive:
    provider: upcloud
    name: appliance
    size_gb: 20
    state: filesystem_resized
    once: to 20 GiB

- name: Detach a drive from whatever server has it
  indie.cloud.drive:
    provider: upcloud
    name: data
    state: detached

- name: Delete a drive, attached or not, and its backups
  indie.cloud.drive:
    provider: upcloud
    name: data
    state: absent
    detach: true
    upcloud:
      delete_backups: delete
"""

RETURN = r"""
changed:
  description: Whether something was changed, or in check mode would be. A file that is downloaded counts.
  returned: always
  type: bool
  sample: true
drive:
  description:
    - The drive afterwards, with the same keys for every provider. V(null) when there is none.
    - What a provider does not tell is V(null). In check mode also what only the API can give, which is listed in
      RV(unknown_until_applied).
  returned: always
  type: dict
  contains:
    id:
      description: UUID.
      type: str
      sample: 01d4fcd4-e446-433b-8a9c-551a1284952e
    name:
      description: Name, at UpCloud the title.
      type: str
      sample: data
    provider:
      description: The cloud that it is at.
      type: str
      sample: upcloud
    state:
      description: One of V(online), V(busy), V(error) and V(unknown).
      type: str
      sample: online
    provider_state:
      description: The provider's own word for the state.
      type: str
      sample: maintenance
    type:
      description: One of V(disk), V(cdrom), V(template) and V(backup).
      type: str
      sample: disk
    zone:
      description: Zone. At CloudSigma and ElasticHosts that of the endpoint, where its host name tells it.
      type: str
      sample: fi-hel1
    size_gb:
      description: Size in GiB.
      type: float
      sample: 20
    tier:
      description: Class of storage.
      type: str
      sample: maxiops
    encrypted:
      description: Whether it is encrypted at rest.
      type: bool
      sample: false
    servers:
      description:
        - UUIDs of the servers that have it. At CloudSigma and ElasticHosts of those that are running.
      type: list
      elements: str
      sample: []
    backup_rule:
      description: The rule for regular backups, empty where there is none.
      type: dict
      sample: {interval: daily, time: '0430', retention: 7}
    tags:
      description: Tags, sorted.
      type: list
      elements: str
      sample: []
    labels:
      description: Labels.
      type: dict
      sample: {role: data}
    created:
      description: When it was made.
      type: str
      sample: '2026-01-05T10:00:00Z'
    provider_options:
      description:
        - What only its provider has.
        - At UpCloud C(access), C(favorite) (only where O(upcloud.favorite) is given), C(license), C(origin) (of a
          backup), C(part_of_plan), C(template_type) and C(backups) (their UUIDs). At CloudSigma and ElasticHosts
          C(claim_type) and C(readers), and at CloudSigma C(use).
      type: dict
      sample: {access: private}
    raw:
      description: The drive as the API gave it, less secrets.
      type: dict
      sample: {uuid: 01d4fcd4-e446-433b-8a9c-551a1284952e, title: data}
transfer:
  description: What was sent or read, or null.
  returned: always
  type: dict
  contains:
    path:
      description: The file, or null with O(state=imported).
      type: str
    bytes:
      description: Bytes of contents.
      type: int
    sha256:
      description: Their SHA-256 checksum. Of a compressed file that was sent to UpCloud, that of the file itself.
      type: str
    resumed_from:
      description: Bytes that an earlier run had sent or read.
      type: int
  sample:
    path: /srv/disk.img
    bytes: 1048576
    sha256: 30e14955ebf1352266dc2ff8067e68104607e750abb9d3b36582b8af909fcb58
    resumed_from: 0
kept_backups:
  description: UUIDs of backups that stay and go on being billed after the drive was deleted. UpCloud only.
  returned: with O(provider=upcloud)
  type: list
  elements: str
  sample: []
resize_backup:
  description: The backup that O(state=filesystem_resized) leaves, with C(id), C(name) and C(size_gb), or null.
  returned: with O(provider=upcloud)
  type: dict
  sample: null
steps:
  description:
    - What has to be done, in order, with the keys of RV(indie.cloud.server#module:steps). In check mode, what would be
      done.
  returned: always
  type: list
  elements: dict
  sample:
    - {operation: POST /storage, summary: make the drive data of 20 GiB, destructive: false, cost: null}
diff:
  description: The known fields before and after, as in RV(indie.cloud.server#module:diff).
  returned: always
  type: dict
job:
  description:
    - What is not over yet, with O(wait=false) or after O(wait_timeout). Give it to M(indie.cloud.job), or run the same
      task again. Null where nothing is.
    - Contents cannot be sent by M(indie.cloud.job). Where some are left to send, run the same task again.
  returned: always
  type: dict
  sample: null
notes:
  description: What is worth knowing of this run.
  returned: always
  type: list
  elements: str
unknown_until_applied:
  description: The keys of RV(drive) that only the API can give, which are V(null) in check mode. Else empty.
  returned: always
  type: list
  elements: str
error:
  description: What went wrong, with the keys of RV(indie.cloud.server#module:error). V(null) where nothing did.
  returned: always
  type: dict
secrets:
  description: Always empty. Every module of the collection returns it.
  returned: always
  type: dict
stats:
  description: What the task took, with the keys of RV(indie.cloud.server#module:stats).
  returned: always
  type: dict
"""

from ansible_collections.indie.cloud.plugins.module_utils.module import run
from ansible_collections.indie.cloud.plugins.module_utils.resources.drive import DRIVE
from ansible_collections.indie.cloud.plugins.module_utils.runner import resource_task


def main():
    run(resource_task(DRIVE))


if __name__ == '__main__':
    main()
