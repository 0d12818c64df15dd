#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot
short_description: Take, restore, delete and rotate snapshots
version_added: 0.1.0
description:
  - Snapshots of Memset's miniservers, and backups of UpCloud's drives.
  - At Memset nothing but a path is known of a snapshot, and the API does not say which path is the new one. So the
    list
    before is compared with the list after. If more than one is new, the task fails and names them, and nothing is
    pruned.
  - On one machine only one snapshot at a time is put into a storage of Memset's. Other machines cannot be kept away,
    so
    do not let two of them use one storage at the same time.
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
      - RV(pruned) lists what would be deleted.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(state=taken) and O(state=restored) act each time, unless O(once) says that it was done.
      - With O(max_age_days) time alone makes a difference.
options:
  provider:
    description: The cloud that the snapshot is at.
    type: str
    required: true
    choices: [memset, upcloud]
  state:
    description:
      - What is wanted.
      - V(present) makes a backup of O(drive) called O(name) at UpCloud, if there is none. At Memset it makes sure
        that
        the snapshot O(id) is there.
      - V(absent) deletes one.
      - V(taken) takes a snapshot of O(server) at Memset, each time. See O(once). UpCloud has V(present) for that.
      - V(restored) overwrites the drive with its backup, each time, which B(destroys what is on the drive). It is for
        UpCloud. At Memset use M(indie.cloud.server) with O(indie.cloud.server#module:state=reimaged).
      - V(pruned) only deletes what O(keep) and O(max_age_days) do not keep.
    type: str
    choices: [present, absent, taken, restored, pruned]
    default: present
  id:
    description:
      - Identifier of a snapshot, which must exist unless O(state=absent). At UpCloud a UUID in lower case, at Memset
        the
        path, just as M(indie.cloud.snapshot_info) gives it.
      - At UpCloud with O(name) as well, O(name) is what the backup shall be called.
    type: str
  name:
    description:
      - Title of the backup at UpCloud, of at most 255 characters. It and O(drive) together are what one is known by,
        and
        two of that title are an error that lists their ids.
      - Memset's snapshots have no name, so it is refused there.
    type: str
  drive:
    description: The drive at UpCloud, by UUID or title. Two drives of that title are an error that lists their ids.
    type: str
  storage:
    description: The storage service at Memset that holds the snapshots, by the name that Memset gave it. Always
      needed there.
    type: str
  server:
    description:
      - The miniserver at Memset to take a snapshot of, by the name that Memset gave it or its nickname, for
        O(state=taken).
    type: str
  image_type:
    description:
      - The kind of image at Memset. V(raw) unless said. V(tar) is for classic miniservers with Linux, V(ntfsclone)
        for
        those with Windows.
    type: str
    choices: [raw, tar, ntfsclone]
  pattern:
    description:
      - What O(keep) and O(max_age_days) may delete, with V(*), V(?) and V([...]) as in file names. Needed with them.
      - It is compared with the title at UpCloud, of backups of O(drive) alone. At Memset it is compared with the
        path,
        and all snapshots of O(storage) are looked at, of whatever server they are.
      - A new snapshot at Memset must be within it, else nothing is deleted.
    type: str
  keep:
    description:
      - How many of the newest within O(pattern) to keep, a new one counted. At least 1. One whose time cannot be read
        is kept beside these, and a note of the result names it.
      - A backup at UpCloud that is in error is none of them. It goes once that many newer ones can be restored.
      - With O(max_age_days) as well, a snapshot goes only if neither keeps it.
    type: int
  max_age_days:
    description: For how many days to keep those within O(pattern). At least 1. One whose time
      cannot be read is kept.
    type: int
  prune_scheduled:
    description:
      - Whether O(keep) and O(max_age_days) may also delete backups at UpCloud that this module did not make, such as
        those
        of a schedule.
      - The module puts the label C(indie-snapshot) on a backup that it makes, and on one whose title it is told with
        O(state=present). Nothing else at UpCloud tells a scheduled one.
    type: bool
    default: false
  once:
    description:
      - A word of your choice, such as a date or the number of a change, of at most 255 characters. With it
        O(state=taken) and O(state=restored) act only if they have not been done with that word before.
      - That is known from the files in O(state_dir) on this machine.
    type: str
  allow_stop:
    description:
      - Whether the server that has the drive may be stopped for O(state=restored) at UpCloud. Without it the restore
        is
        refused while the server is on. The server is started again afterwards, also when the restore fails.
    type: bool
    default: false
  force_stop:
    description: Whether its power may be cut when it does not stop within O(stop_timeout).
    type: bool
    default: false
  stop_timeout:
    description: How many seconds the server has to stop. At most 600.
    type: int
    default: 120
  memset:
    description: What only Memset has.
    type: dict
    suboptions:
      forget_lost:
        description:
          - Whether O(state=taken) takes another snapshot although it is not known what became of the one that an
            earlier
            run asked for.
        type: bool
"""

EXAMPLES = r"""
- name: Back up a drive at UpCloud before an upgrade
  indie.cloud.snapshot:
    provider: upcloud
    drive: data
    name: before the upgrade

- name: Make today's backup, and keep the seven newest of those that this playbook makes
  indie.cloud.snapshot:
    provider: upcloud
    drive: data
    name: nightly {{ '%Y-%m-%d' | strftime }}
    pattern: nightly *
    keep: 7

- name: Take a snapshot of a miniserver at Memset, once a day, and keep those of 30 days
  indie.cloud.snapshot:
    provider: memset
    state: taken
    server: webaa1
    storage: storeaa1
    once: "{{ '%Y-%m-%d' | strftime }}"
    pattern: webaa1.*
    max_age_days: 30
  register: taken

- name: Show where it is
  ansible.builtin.debug:
    msg: "{{ taken.snapshot.id }}"

- name: Restore a drive, with the server that has it stopped meanwhile, for this change alone
  indie.cloud.snapshot:
    provider: upcloud
    state: restored
    drive: data
    name: before the upgrade
    allow_stop: true
    once: change-4711

- name: Keep ten snapshots of another server
  indie.cloud.snapshot:
    provider: memset
    state: pruned
    storage: storeaa1
    pattern: dbaa1.*
    keep: 10

- name: Delete a backup
  indie.cloud.snapshot:
    provider: upcloud
    state: absent
    drive: data
    name: no longer needed
"""

RETURN = r"""
changed:
  description: Whether anything was changed, or would be in check mode.
  returned: always
  type: bool
  sample: true
diff:
  description: The known fields before and after, as in RV(indie.cloud.server#module:diff).
  returned: always
  type: dict
steps:
  description:
    - What has to be done, in order, with the keys of RV(indie.cloud.server#module:steps). In check mode, what would be
      done.
    - A step may still be left out where an earlier answer makes it needless.
  returned: always
  type: list
  elements: dict
  sample:
    - operation: "POST /storage/{uuid}/backup"
      summary: back up the drive data as nightly
      destructive: false
      cost: null
snapshot:
  description:
    - The snapshot afterwards, with the same keys for every provider. V(null) when there is none.
    - What a provider does not tell is V(null). In check mode also what only the API can give, which is listed in
      RV(unknown_until_applied).
  returned: always
  type: dict
  contains:
    id:
      description: The provider's identifier, at Memset the path in the storage.
      returned: always
      type: str
      sample: 01a2b3c4-0000-4000-8000-000000000001
    name:
      description: The title at UpCloud. Memset's have none.
      returned: always
      type: str
      sample: before the upgrade
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    state:
      description: V(available), V(creating), V(error) or V(unknown) at UpCloud. Memset tells none.
      returned: always
      type: str
      sample: available
    provider_state:
      description: The state in the provider's own word.
      returned: always
      type: str
      sample: online
    drive:
      description: UUID of the drive that it is of, at UpCloud.
      returned: always
      type: str
    storage:
      description: The storage that it is in, at Memset.
      returned: always
      type: str
    image_type:
      description: The kind of image, at Memset.
      returned: always
      type: str
    size_gb:
      description: Size of the drive in GiB, at UpCloud.
      returned: always
      type: int
      sample: 20
    zone:
      description: Where it is, at UpCloud.
      returned: always
      type: str
      sample: fi-hel1
    labels:
      description: Labels, at UpCloud.
      returned: always
      type: dict
    created:
      description: When it was made, or at Memset last changed, as the provider writes it.
      returned: always
      type: str
    provider_options:
      description:
        - What only this provider has.
        - At Memset C(os_type), C(os_option), C(description) and C(user_comment). At UpCloud C(encrypted), and
          C(managed)
          for a backup that the module made or knows by its title.
      returned: always
      type: dict
    raw:
      description: The snapshot as the API gave it.
      returned: always
      type: dict
job:
  description: A handle for what is still going on, as in RV(indie.cloud.server#module:job). V(null) where nothing is.
  returned: always
  type: dict
unknown_until_applied:
  description: The keys of RV(snapshot) that only the API can give, which are V(null) in check mode. Else empty.
  returned: always
  type: list
  elements: str
  sample: [created, id, raw]
notes:
  description: What is worth knowing of this run.
  returned: always
  type: list
  elements: str
pruned:
  description: What is deleted because neither O(keep) nor O(max_age_days) keeps it, or in check mode would be.
  returned: always
  type: list
  elements: dict
  contains:
    id:
      description: Identifier of the snapshot.
      returned: always
      type: str
    name:
      description: Its title, at UpCloud.
      returned: always
      type: str
    created:
      description: When it was made, as the provider writes it.
      returned: always
      type: str
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
from ansible_collections.indie.cloud.plugins.module_utils.resources.snapshot import SNAPSHOT
from ansible_collections.indie.cloud.plugins.module_utils.runner import resource_task


def main():
    run(resource_task(SNAPSHOT))


if __name__ == '__main__':
    main()
