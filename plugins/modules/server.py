#!/usr/bin/python
# Copyright: (c) 2026, the indie.cloud authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

DOCUMENTATION = r"""
module: server
short_description: Create, change, start, stop and delete servers
version_added: 0.1.0
description:
  - One set of options for servers at Memset, UpCloud, CloudSigma and ElasticHosts.
  - An option that the chosen provider cannot honour is refused before any request, with what to use instead. The page
    C(docs/capabilities.md) of the collection has a table of what each provider honours.
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
      - Reads, and asks Memset for the price of an order. RV(changed), RV(steps) and the known part of RV(diff) are
        those of the real run.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - O(state=restarted) always restarts.
      - O(state=reimaged) and O(state=upgraded) act each time, unless O(once) says that it was done. O(state=reimaged)
        with a stock image also does nothing where the server already has that image.
      - O(state=absent) at Memset sends the cancellation again while one is under way that this machine's journal, see
        O(state_dir), does not know of. Memset refuses it and nothing changes.
      - A server that was asked to shut down still counts as running until it is off, at UpCloud, CloudSigma and
        ElasticHosts. A task that is to stop it, run again meanwhile, asks it again, with RV(changed=true).
      - Options that cannot be read back are used when the server is made and not compared afterwards. RV(notes) names
        them.
options:
  provider:
    description: The cloud that the server is at.
    type: str
    required: true
    choices: [memset, upcloud, cloudsigma, elastichosts]
  state:
    description:
      - What is wanted.
      - V(present) makes the server if there is none and changes it where it differs. A new server is started, see
        O(start). The power of a server that is there is left as it is.
      - V(absent) deletes the server, or cancels it at Memset. At UpCloud, CloudSigma and ElasticHosts its drives are
        kept and go on being billed, unless O(delete_drives=true). RV(kept_drives) lists them.
      - V(running) and V(stopped) are V(present), and then the power. A stop is graceful, see O(stop_timeout) and
        O(force_stop). Memset's API can neither start nor stop a server, so both are refused there.
      - V(restarted) always restarts. A server that is stopped is started. The server must be there.
      - V(reimaged) installs O(image), or a snapshot, anew, which B(destroys what is on the server). V(upgraded)
        orders the upgrade to O(plan). Both exist at Memset alone, and the server must be there. See O(once).
    type: str
    choices: [present, absent, running, stopped, restarted, reimaged, upgraded]
    default: present
  id:
    description:
      - The provider's identifier of a server, which must exist unless O(state=absent). At Memset this is the name
        that Memset gave, such as V(testaa1), elsewhere a UUID in lower case.
      - With O(name) as well, O(id) identifies and O(name) is what the server shall be called.
      - One of O(id) and O(name) is needed.
    type: str
  name:
    description:
      - The server's name, by which it is found when O(id) is not given. Two servers of that name are an error that
        lists their ids.
      - At Memset the nickname, of 1 to 255 letters, digits, C(_), C(.) and C(-). Memset keeps it unique among all
        services of the account.
      - At UpCloud the host name, in lower case, of at most 128 characters. It is found whatever its case. The title
        is O(upcloud.title).
      - At CloudSigma and ElasticHosts the name, without control characters and without spaces at its ends.
    type: str
  zone:
    description:
      - Where to make the server. It cannot be changed.
      - At UpCloud a zone such as V(fi-hel1). With O(clone_from) that of the server that is cloned, unless said. At
        Memset the network zone, V(dunsfold) or V(reading).
      - At CloudSigma and ElasticHosts each zone has its own endpoint, so the option is refused. See
        O(cloudsigma_region) and O(elastichosts_api_url).
    type: str
  plan:
    description:
      - The size by its name at the provider.
      - At UpCloud a plan such as V(2xCPU-4GB), or V(custom) with O(cpu_cores) and O(memory_mb). Another plan never
        grows a drive.
      - At Memset the SKU, such as V(MSVM001), V(MS0050H) or V(UFS35), which an order needs. It cannot be read back,
        so it is not compared. O(state=upgraded) changes that of a classic miniserver.
      - CloudSigma and ElasticHosts have O(cpu_mhz) and O(memory_mb) instead.
    type: str
  cpu_cores:
    description:
      - Number of cores.
      - At UpCloud 1 to 128, in a combination with O(memory_mb) that it offers, which makes the plan V(custom). Fewer
        need the server stopped. More are tried on the running server first. See O(allow_stop).
      - At CloudSigma 1 to 40, each of 1000 to 2200 MHz where there are several. At ElasticHosts 1 to 20. A change
        needs the server stopped there.
    type: int
  cpu_mhz:
    description:
      - CPU in MHz, of all cores together. At CloudSigma 500 to 96000, where a change needs the server stopped, and at
        ElasticHosts 500 to 20000.
      - A new server needs it there. UpCloud and Memset sell no MHz, so it is refused.
    type: int
  memory_mb:
    description:
      - Memory in MiB.
      - At UpCloud 512 to 1048576, see O(cpu_cores). At CloudSigma 256 to 532480 and at ElasticHosts 256 to 32768,
        where a new server needs it and a change needs the server stopped.
    type: int
  image:
    description:
      - What to install on a new server, by name or identifier. It is used when the server is made, and with
        O(state=reimaged).
      - At UpCloud a template, also one of yours. A cloud-init template needs O(ssh_keys), and has the metadata
        service turned on unless O(upcloud.metadata) says otherwise.
      - At Memset an operating system such as V(debian_buster_64), or the C(os_option) of a snapshot. Only Memset
        shows it afterwards. Another stock system than the installed one is then refused.
      - At CloudSigma and ElasticHosts a standard drive or one of your drives. A drive is made from it, see
        O(cloudsigma.image_drive) and O(elastichosts.image_drive).
    type: str
  size_gb:
    description:
      - Size of the boot drive of a new server, in GiB.
      - At UpCloud 10 to 4096. What the plan includes unless said, else the template's size. It can grow with the
        server stopped, see O(allow_stop), and not shrink. The file system is not resized. It does not go with
        O(drives[].boot=true); say the size of each drive in O(drives) then.
      - At Memset for a classic miniserver that is billed monthly.
      - At CloudSigma and ElasticHosts at least the size of O(image), with which it goes.
    type: int
  clone_from:
    description:
      - Identifier or name of a server whose drives the new server gets copies of, never the drives themselves. Used
        when the server is made.
      - At UpCloud, plan and zone are that server's unless said. At CloudSigma, each drive is copied before the server
        is made, since CloudSigma's own clone of a server shares the drive of its source. See
        O(cloudsigma.native_clone).
      - Memset and ElasticHosts cannot, so it is refused.
    type: str
  drives:
    description:
      - The drives of the server. A drive that is not listed stays attached, see O(upcloud.detach_drives),
        O(cloudsigma.detach_drives) and O(elastichosts.detach_drives).
      - At UpCloud at most 16. A drive is known again by its id, else by its name. One of a O(drives[].name) that the
        server does not have is made, empty with O(drives[].size_gb), or as a copy with O(drives[].image).
      - At CloudSigma and ElasticHosts O(drives[].id) or O(drives[].name) names a drive that is there. Those listed
        are attached, or moved to the device given. A change needs the server stopped.
      - Memset refuses it, see O(memset.disk).
    type: list
    elements: dict
    suboptions:
      id:
        description: Identifier of a drive that is there, a UUID in lower case.
        type: str
      name:
        description:
          - Name of the drive. At UpCloud the title of the storage, of at most 255 characters. At CloudSigma and
            ElasticHosts of one of your drives, else of a standard drive such as a CD.
        type: str
      image:
        description: At UpCloud, the template or storage to copy, or with O(drives[].media=cdrom) the CD-ROM to load.
        type: str
      size_gb:
        description: Size in GiB, 10 to 4096, at UpCloud. It can grow with the server stopped, and not shrink.
        type: int
      tier:
        description:
          - Class of storage at UpCloud, V(maxiops), V(standard) or V(hdd). V(maxiops) unless said. It cannot be
            changed.
        type: str
      device:
        description:
          - Where it is attached. A free place unless said.
          - At UpCloud a bus, V(virtio), V(scsi) or V(ide), or an address such as V(virtio:1), V(scsi:0:0) or
            V(ide:0:1). At CloudSigma and ElasticHosts an address from V(ide:0:0) to V(ide:1:1) or V(block:0) to
            V(block:7), at ElasticHosts also from V(scsi:0:0) to V(scsi:0:7) or V(ata:0:0) to V(ata:0:5).
        type: str
      media:
        description:
          - A disk or a CD-ROM. A disk unless said, and at CloudSigma and ElasticHosts a standard CD is a CD-ROM.
        type: str
        choices: [disk, cdrom]
      boot:
        description:
          - Whether the server boots from it.
          - At CloudSigma and ElasticHosts without any, a new server boots from the drive made from O(image), else
            from its first disk.
        type: bool
      encrypted:
        description: Whether what it holds is encrypted at rest, at UpCloud. It cannot be changed.
        type: bool
      labels:
        description: Labels of the drive at UpCloud, added to those that are there.
        type: dict
      backup_rule:
        description: Regular backups of the drive, at UpCloud. Used when the drive is made.
        type: dict
        suboptions:
          interval:
            description: How often.
            type: str
            required: true
            choices: [daily, mon, tue, wed, thu, fri, sat, sun]
          time:
            description: When, as C(hhmm) in UTC.
            type: str
            required: true
          retention:
            description: For how many days each is kept, 1 to 1095.
            type: int
            required: true
  networks:
    description:
      - The network interfaces of the server. A change needs the server stopped, see O(allow_stop).
      - At UpCloud at most 10. A new server has public IPv4, utility and public IPv6 unless said. Without
        O(networks[].index) an item means the first interface of its kind.
      - At CloudSigma and ElasticHosts at most 4. A new server has a public one with an automatic address unless said.
        An empty list is none.
      - An interface that is not listed stays, see O(upcloud.remove_networks), O(cloudsigma.remove_networks) and
        O(elastichosts.remove_networks).
      - Memset refuses it, see O(memset.vlan).
    type: list
    elements: dict
    suboptions:
      type:
        description:
          - The kind of network. V(utility) is UpCloud's own between servers. At CloudSigma and ElasticHosts
            V(private) unless said where there is a O(networks[].network), else V(public).
        type: str
        choices: [public, private, utility]
      network:
        description:
          - UUID of the private network at UpCloud, or of the VLAN at CloudSigma and ElasticHosts. Needed with
            O(networks[].type=private).
        type: str
      address:
        description:
          - At UpCloud an address of the private network.
          - At CloudSigma and ElasticHosts V(auto), a static IP of yours, or an empty string for none. With V(auto)
            any address that the server has is as wanted, and it may change when the server starts.
        type: str
      addresses:
        description: At UpCloud the addresses of the interface, instead of O(networks[].address).
        type: list
        elements: dict
        suboptions:
          family:
            description: Address family.
            type: str
            choices: [IPv4, IPv6]
          address:
            description: An address of the network. The next free one unless given.
            type: str
          dhcp_provided:
            description: Whether DHCP hands out this one.
            type: bool
      mac:
        description:
          - Hardware address of a private interface at CloudSigma and ElasticHosts, such as V(02:00:00:00:00:01). The
            provider chooses one unless said.
        type: str
      model:
        description:
          - Model of the network card at CloudSigma and ElasticHosts, V(e1000), V(rtl8139) or V(virtio). V(e1000)
            unless said. UpCloud has one for the whole server, O(upcloud.nic_model).
        type: str
      index:
        description:
          - Number of the interface. At UpCloud from 1, at CloudSigma and ElasticHosts 0 for the public one, and 1 to 3
            for private ones.
          - Without it, at UpCloud an interface that is as wanted, else the next number that is free, is not named by
            another item and not in O(upcloud.remove_networks).
          - Without it, at CloudSigma and ElasticHosts the public interface is number 0, and a private one is that in
            its VLAN, else the next free one.
        type: int
      source_ip_filtering:
        description:
          - Whether packets from addresses that are not the server's are dropped, at UpCloud. Only a private network
            can do without.
        type: bool
      bootable:
        description: Whether the server may boot through it, at UpCloud.
        type: bool
  ssh_keys:
    description:
      - Public keys of those who may log in to a new server. Used when the server is made, and with O(state=reimaged).
      - At UpCloud at most 32, for O(upcloud.login_user). No password is made then. At Memset one, for Linux.
        CloudSigma and ElasticHosts refuse it, since keys come with the image there.
    type: list
    elements: str
  user_data:
    description: Script, or its URL, that a new server runs when it first starts. At UpCloud alone. It is never shown.
    type: str
  persistent:
    description:
      - Whether the server stays when it stops. At CloudSigma and ElasticHosts B(a server that is not persistent is
        destroyed when it stops), whoever stops it. New servers are persistent unless this says otherwise.
    type: bool
  vnc_address:
    description:
      - Where VNC listens, at CloudSigma and ElasticHosts. V(auto), a static IP of yours, or an empty string for no
        VNC. V(auto) unless said where there is a O(vnc_password).
      - With V(auto) any address that the server has is as wanted. A change needs the server stopped.
    type: str
  vnc_password:
    description:
      - Password for VNC. It is never shown.
      - At UpCloud 8 letters and digits. At CloudSigma and ElasticHosts printable characters without spaces, at
        ElasticHosts at most 8, or an empty string for none.
    type: str
  vnc_tls:
    description: Whether VNC is encrypted, at CloudSigma and ElasticHosts.
    type: bool
  tags:
    description:
      - Tags, all of them. The order does not matter, and an empty list removes them all.
      - At UpCloud 1 to 32 letters, digits and C(_), kept in lower case and compared without regard to case. A tag
        that the account does not have is made.
      - At CloudSigma and ElasticHosts words without spaces. Memset has none, so it is refused.
    type: list
    elements: str
  labels:
    description:
      - Labels, added to those that are there unless O(purge_labels=true).
      - At UpCloud a key has 1 to 32 letters, digits, C(-) and C(_) and does not begin with C(_), a value at most 255
        characters.
      - At ElasticHosts they are the C(user:) keys of the server, of letters, digits, C(_), C(.), C(:) and C(-). A
        value cannot be empty. Memset and CloudSigma have none, so it is refused.
    type: dict
  start:
    description:
      - Whether a new server is started.
      - At UpCloud and CloudSigma it starts in any case and is then stopped. If a run is killed between the two, the
        next one leaves it on. O(state=stopped) does not.
      - Memset starts each server and cannot stop one, so V(false) is refused there.
    type: bool
    default: true
  allow_stop:
    description:
      - Whether the server may be stopped for a change that needs it. Without it such a change is refused. The server
        is started again afterwards, also when the change fails.
      - At UpCloud that is for less cores or memory, drives that grow, interfaces, CD-ROMs, IDE and
        O(upcloud.remote_access_type), and for more cores or memory where UpCloud refuses it on the running server.
      - The page C(docs/capabilities.md) of the collection says which changes need it elsewhere. At Memset none does.
    type: bool
    default: false
  force_stop:
    description:
      - Whether to cut the power of a server that has not stopped after O(stop_timeout).
      - Without it the server is only asked, and the task fails when it does not obey. It may still go down later.
      - The same holds for O(state=absent). At CloudSigma and ElasticHosts a server whose drives go too is not asked.
      - With O(state=restarted) at ElasticHosts the server is reset at once.
    type: bool
    default: false
  stop_timeout:
    description: Seconds that a server gets to shut down by itself. At UpCloud at most 600 with O(force_stop=true).
    type: int
    default: 120
  allow_destroy_on_stop:
    description:
      - Whether O(state=stopped) may stop a server that is not persistent, which destroys it. See O(persistent).
      - It serves nothing else. A change that needs a stop, and a restart, are refused unless O(persistent=true) is
        said.
    type: bool
    default: false
  delete_drives:
    description:
      - Whether O(state=absent) deletes the server's drives too, with all that is on them. Drives that other servers
        use as well, CD-ROMs, and those of other accounts are kept.
      - At Memset a cancelled server goes with its disks anyway.
    type: bool
    default: false
  purge_labels:
    description:
      - Whether labels that are not listed in O(labels) are removed. The provider's own, with C(_) in front, stay.
    type: bool
    default: false
  max_price:
    description:
      - What an order or an upgrade at Memset may cost. The price is asked for first, and an order that costs more, or
        whose price lacks one of these figures, is refused. The price may still move between the question and the
        order.
      - Net of VAT, in the currency of the account. What is billed by the hour is in O(max_price.hourly) and not in
        O(max_price.total).
      - The other providers price no order beforehand, so it is refused there.
    type: dict
    suboptions:
      currency:
        description: The currency, as an ISO code such as V(GBP).
        type: str
        required: true
      setup:
        description: For setting up.
        type: float
      monthly:
        description: For each month. For an upgrade, how much more.
        type: float
      hourly:
        description: For each hour.
        type: float
      total:
        description: Set-up and rental in advance. What is billed by the hour afterwards is not in it.
        type: float
  once:
    description:
      - A word of yours, of up to 255 printable characters. With O(state=reimaged) or O(state=upgraded) the task acts
        once for each such word, and later runs with the same word change nothing. The word is kept for the server,
        whatever a task names it by, so that another one that has the name later is no such server.
      - The words that were used are kept in O(state_dir), so this holds where that folder stays.
    type: str
  return_secrets:
    description:
      - Whether to return in RV(secrets) the passwords that the provider made for a new server. They are told this
        once and never again. At UpCloud they are C(username), C(password) and C(vnc_password). The others make none.
      - Set C(no_log) on the task to keep them out of Ansible's output.
    type: bool
    default: false
  memset:
    description:
      - What only Memset has. The options from O(memset.type) to O(memset.reminder_emails) can be read back and are
        compared. The others are used once and not compared.
    type: dict
    suboptions:
      type:
        description:
          - What is ordered. By default V(fullserver) for a O(plan) that begins with C(UFS), else V(miniserver).
          - Compared, and cannot be changed.
        type: str
        choices: [miniserver, fullserver]
      data_zone:
        description: The data zone of an order. Compared, and cannot be changed.
        type: str
      backups:
        description:
          - Gigabytes of managed daily backups. Linux takes all but V(400), Windows all but V(10) and V(20).
          - Memset tells only whether there are backups, so that is what is compared, and cannot be changed.
        type: int
        choices: [0, 10, 20, 50, 100, 200, 400]
      firewall:
        description: The kind of firewall. V(managed) needs managed support. Compared, and cannot be changed.
        type: str
        choices: [none, basic, self_managed, managed]
      firewall_rule_group:
        description:
          - The name (not the nickname) of the firewall rule group. Needs a firewall that is V(self_managed) or
            V(managed).
          - Can be changed. A server cannot be freed of its group.
        type: str
      intrusion_detection:
        description:
          - Intrusion detection. V(monitored) and V(protected) need managed support. Compared, and cannot be changed.
        type: str
        choices: [none, basic, monitored, protected]
      intrusion_detection_alert_level:
        description: From which level on intrusion detection sends mail, 1 to 15. Can be changed. Set after an order.
        type: int
      monitoring_level:
        description: Level of monitoring. V(managed) needs managed support. Compared, and cannot be changed.
        type: str
        choices: [basic, advanced, managed]
      support_level:
        description:
          - Level of support.
          - Only V(infrastructure_only), V(basic) and V(managed) read back as they went in, so only these are
            compared, and cannot be changed.
        type: str
        choices: [standard, premium, managed_infrastructure, managed_platform, infrastructure_only, basic, managed]
      vulnscan:
        description: Vulnerability management. V(managed) needs managed support. Compared, and cannot be changed.
        type: str
        choices: [none, basic, managed]
      vlan:
        description:
          - The name of a VLAN product in which the server is put when it is ordered.
          - Fulfilled if the server is in that VLAN, else refused.
        type: str
      monitoring:
        description: Whether Memset monitors the server. Can be changed. Set after an order.
        type: bool
      auto_reboot:
        description: Whether Memset reboots the server when it does not respond. Goes with O(memset.monitoring=true).
        type: bool
      reminder_emails:
        description: Whether Memset reminds of monitoring being off. Goes with O(memset.monitoring=false).
        type: bool
      billing:
        description:
          - How an order is billed. By default V(hourly) for a O(plan) of a miniserver that ends in C(H), else
            V(monthly).
          - Used for the order only.
        type: str
        choices: [hourly, monthly]
      period:
        description: The rental period of an order, in months. Used for the order only.
        type: int
        choices: [1, 3, 6, 12]
      discount_code:
        description: A discount code for the order. Used for the order only.
        type: str
      add_to_next_bill:
        description:
          - Whether the charge goes on the next consolidated bill, for accounts that have it. Memset's default is yes
            for those.
          - Used for the order only.
        type: bool
      os_bits:
        description: Deprecated by Memset. Used by orders and by O(state=reimaged).
        type: str
        choices: ['32', '64']
      bandwidth_type:
        description: Deprecated by Memset. For classic miniservers and fullservers. Used for the order only.
        type: str
        choices: [metered, unmetered]
      connection:
        description:
          - Burst speed and contention of an unmetered connection, such as V(5mbps_10to1). For miniservers. Deprecated
            by Memset. Used for the order only.
        type: str
      monthly_transfer_gb:
        description:
          - Monthly transfer of a metered connection. For miniservers. Deprecated by Memset. Used for the order only.
        type: int
      disk_type:
        description: Kind of disk of a classic miniserver. Used for the order only.
        type: str
        choices: [hdd, ssd]
      lvs:
        description: Deprecated and ignored by Memset. Used for the order only.
        type: int
      database:
        description: Microsoft SQL server, such as V(mssql_web_2017). Windows only. Used for the order only.
        type: str
      antivirus:
        description: Antivirus software. Windows only. Used for the order only.
        type: str
        choices: [none, sophos_antivirus]
      disk:
        description: The disks of a fullserver, such as V(4x1000gb). Used for the order only.
        type: str
      ram:
        description: The memory of a fullserver, such as V(16gb). Used for the order only.
        type: str
      nvme:
        description: NVMe of a fullserver, V(none) or such as V(nvme_2x480gb). Used for the order only.
        type: str
      net_card_speed_gbps:
        description: Speed of a fullserver's network card. Used for the order only.
        type: str
        choices: ['1', '10']
      partitioning:
        description:
          - Partitioning of a fullserver. V(custom) needs O(memset.setup_instructions). Used for the order only.
        type: str
        choices: [all_root, data_home, two_volumes, custom]
      setup_instructions:
        description: What Memset's staff shall do when they set up a fullserver. Used for the order only.
        type: str
      snapshot:
        description: The snapshot from which O(state=reimaged) installs the server, instead of O(image). Always acts.
        type: dict
        suboptions:
          path:
            description: The path of the snapshot, as C(server.snapshot_list) gives it.
            type: str
            required: true
          storage_name:
            description: The name of the Memstore that holds the snapshot.
            type: str
            required: true
          image_type:
            description: The kind of the snapshot.
            type: str
            required: true
            choices: [raw, tar, ntfsclone]
      force_reimage:
        description:
          - Whether O(state=reimaged) from O(image) acts also if the server has that system. It then erases the disk
            on every run.
        type: bool
      upgrade_disk:
        description:
          - With O(state=upgraded), V(false) keeps the disk as it is, so that it is quicker and can be undone.
        type: bool
      email_address:
        description: Who is told by mail of the reboot of O(state=restarted). The account's admin contact unless said.
        type: str
      ignore_open_orders:
        description:
          - Whether to go on in spite of what the journal, open invoices, or new servers without a nickname tell of
            orders, cancellations, reimages and upgrades that may be under way. Set it only when you have looked.
            Another server may be bought, or a disk erased again.
        type: bool
  upcloud:
    description: What only UpCloud has.
    type: dict
    suboptions:
      title:
        description: Title of the server, at most 255 characters. That of a new server is its O(name) unless given.
        type: str
      boot_order:
        description: What to boot from, V(disk), V(cdrom), V(network), in order, with commas between them.
        type: str
      firewall:
        description: Whether the firewall rules of the server are in force. UpCloud's default is V(true).
        type: bool
      metadata:
        description:
          - Whether the server can ask UpCloud's metadata service about itself. Turned on for cloud-init templates.
        type: bool
      nic_model:
        description: Model of all network interfaces.
        type: str
        choices: [virtio, e1000, rtl8139]
      video_model:
        description: Model of the graphics card.
        type: str
        choices: [vga, cirrus]
      timezone:
        description: Time zone of the hardware clock, such as V(Europe/Helsinki).
        type: str
      simple_backup:
        description:
          - When, as C(HHMM) in UTC, and how often the server is backed up, such as V(0430,dailies). V(daily),
            V(dailies), V(weeklies) and V(monthlies) are possible. V(no) turns it off.
        type: str
      server_group:
        description: UUID of the server group that the server shall be in. An empty string for none.
        type: str
      remote_access_enabled:
        description: Whether the console can be reached by VNC. Host and port are in RV(server.provider_options).
        type: bool
      remote_access_type:
        description: Kind of remote access. Changing it needs O(allow_stop).
        type: str
        choices: [vnc]
      login_user:
        description: Who can log in to a new Linux server. Used on creation only.
        type: dict
        suboptions:
          username:
            description: Name of the user. Any but V(root), the API's default, gets sudo rights.
            type: str
          create_password:
            description:
              - Whether a password is made, see O(return_secrets). UpCloud makes one unless there are O(ssh_keys). It
                cannot be with a cloud-init template.
            type: bool
      password_delivery:
        description: How UpCloud itself sends the password of a new server. Nothing is sent unless you say so.
        type: str
        choices: [none, email, sms]
      host:
        description:
          - Host to make or start the server on, in a private cloud. Used when it is made or started, not compared.
        type: int
      avoid_host:
        description: Host not to make or start the server on.
        type: int
      start_type:
        description:
          - With V(async), which is the default, a start is answered at once and the module waits. With V(sync)
            UpCloud answers when the server runs, which may take longer than O(read_timeout).
        type: str
        choices: [async, sync]
      stop_type:
        description: V(hard) cuts the power at once, and needs O(force_stop=true). V(soft) is the default.
        type: str
        choices: [soft, hard]
      cancel:
        description:
          - With O(state=absent), cancels what a server in maintenance is busy with, instead of waiting for it. A
            server that is being made may go by that, together with its new drives.
        type: bool
      delete_backups:
        description: What becomes of the backups of drives that O(delete_drives=true) deletes. V(keep) is the default.
        type: str
        choices: [keep, keep_latest, delete]
      detach_drives:
        description: UUIDs or titles of drives that shall not be attached. They are kept.
        type: list
        elements: str
      remove_networks:
        description:
          - Indexes of interfaces that shall not be there. Their addresses are released. Needs O(allow_stop).
          - A new server is made without those among them that it would have by itself. What O(networks) lists gets
            other numbers.
        type: list
        elements: int
  cloudsigma:
    description: What only CloudSigma has, or has otherwise than the others.
    type: dict
    suboptions:
      boot:
        description:
          - Devices to start from, in order, such as V(ide:0:0). It excludes O(drives[].boot). A change needs the
            server stopped.
        type: list
        elements: str
      parent:
        description: UUID of the object that this server came from. A change needs the server stopped.
        type: str
      detach_drives:
        description: Drives to detach, by device or UUID. They are kept. Needs the server stopped.
        type: list
        elements: str
      remove_networks:
        description: Interfaces to remove, by number, 0 to 3. Needs the server stopped.
        type: list
        elements: int
      use:
        description: Words that say what the server is for. Used when it is made, not read back.
        type: list
        elements: str
      native_clone:
        description:
          - Whether O(clone_from) uses CloudSigma's own clone of a server, which may share the drives of its source.
            The task fails if it does.
          - All other fields but O(persistent) must be left out then.
        type: bool
      image_drive:
        description: How the drive that O(image) makes is made. Used when the server is made, not read back.
        type: dict
        suboptions:
          name:
            description: Its name. The server's name and C(system) unless said.
            type: str
          device:
            description: Where it is attached. V(ide:0:0) unless said.
            type: str
          tags:
            description: Its tags. V(affinity:ssd) asks for an SSD.
            type: list
            elements: str
          claim_type:
            description: Whether one server at a time may use it, or several.
            type: str
            choices: [exclusive, shared]
          readers:
            description: UUIDs of users that may read it.
            type: list
            elements: str
  elastichosts:
    description: What only ElasticHosts has, or has otherwise than the others.
    type: dict
    suboptions:
      boot:
        description:
          - Devices to start from, in order, such as V(ide:0:0). It excludes O(drives[].boot). A change needs the
            server stopped.
        type: list
        elements: str
      parent:
        description: UUID of the object that this server came from. A change needs the server stopped.
        type: str
      detach_drives:
        description: Drives to detach, by device or UUID. They are kept. Needs the server stopped.
        type: list
        elements: str
      remove_networks:
        description: Interfaces to remove, by number, 0 to 3. Needs the server stopped.
        type: list
        elements: int
      firewall:
        description:
          - The firewall of the public interface. What is not said stays as it is. A change needs the server stopped.
        type: dict
        suboptions:
          policy:
            description: What becomes of packets that no rule names. V(accept) is ElasticHosts' default.
            type: str
            choices: [accept, reject]
          accept:
            description: Rules that accept, such as V(tcp/22).
            type: list
            elements: str
          reject:
            description: Rules that reject, such as V(tcp/25).
            type: list
            elements: str
      avoid_drives:
        description:
          - UUIDs of drives whose hardware the new server shall not share. Used when it is made, not read back.
        type: list
        elements: str
      avoid_servers:
        description:
          - UUIDs of servers whose hardware the new server shall not share. Used when it is made, not read back.
        type: list
        elements: str
      image_drive:
        description: How the drive that O(image) makes is made. Used when the server is made, not read back.
        type: dict
        suboptions:
          name:
            description: Its name. The server's name and C(system) unless said.
            type: str
          device:
            description: Where it is attached. V(ide:0:0) unless said.
            type: str
          tier:
            description: Class of storage. V(disk) is ElasticHosts' default.
            type: str
            choices: [disk, ssd]
          encryption:
            description: How it is encrypted at rest. V(aes-xts-plain) is ElasticHosts' default.
            type: str
            choices: [none, aes-xts-plain]
          avoid:
            description: UUIDs of drives whose hardware it shall not share.
            type: list
            elements: str
          tags:
            description: Its tags.
            type: list
            elements: str
"""

EXAMPLES = r"""
# The credentials come from the environment, such as UPCLOUD_TOKEN, but for one example that has them as options.
# Run twice, these tasks change nothing the second time.

- name: Make a server at UpCloud, or see that it is as wanted
  indie.cloud.server:
    provider: upcloud
    name: web1.example.com
    zone: fi-hel1
    plan: 1xCPU-2GB
    image: Ubuntu Server 24.04 LTS (Noble Numbat)
    ssh_keys:
      - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample admin@example.com
    labels:
      role: web
  register: web1

- name: Use what it returned, which is the same for every provider
  ansible.builtin.debug:
    msg: "{{ web1.server.name }} is {{ web1.server.state }} at {{ web1.server.public_ipv4 | first }}"
  when: not ansible_check_mode

- name: Order a miniserver at Memset, if it costs no more than this
  indie.cloud.server:
    provider: memset
    name: web2
    zone: reading
    plan: MS0050
    image: debian_buster_64
    max_price:
      currency: GBP
      monthly: 20

- name: Make a server at CloudSigma, with a drive of 10 GiB made from a standard drive
  indie.cloud.server:
    provider: cloudsigma
    name: web3
    cpu_mhz: 2000
    memory_mb: 2048
    image: Debian 12 64bit Pre-Installed
    size_gb: 10
    tags: [web]

- name: Make a server at ElasticHosts, with VNC, and leave it off
  indie.cloud.server:
    provider: elastichosts
    name: web4
    cpu_mhz: 2000
    memory_mb: 1024
    image: Debian Linux 12
    size_gb: 10
    vnc_address: auto
    vnc_password: "{{ vnc_password | default('s3cret42') }}"
    start: false

- name: Give a server that was ordered by hand at Memset the name that playbooks use
  indie.cloud.server:
    provider: memset
    id: dbaa1
    name: db1

- name: Take a bigger plan, for which the server may be stopped and started again
  indie.cloud.server:
    provider: upcloud
    name: db1.example.com
    plan: 4xCPU-8GB
    allow_stop: true

- name: Add a drive of 50 GiB and a private network, and have exactly these labels
  indie.cloud.server:
    provider: upcloud
    name: files.example.com
    drives:
      - name: files-data
        size_gb: 50
        tier: maxiops
    networks:
      - type: public
      - type: utility
      - type: private
        network: "{{ private_network }}"
    labels:
      role: files
    purge_labels: true
    allow_stop: true

- name: Upgrade a server to a bigger plan, once
  indie.cloud.server:
    provider: memset
    name: web2
    state: upgraded
    plan: MS0100
    once: more memory for 2026

- name: Have a server off, however long it takes to shut down
  indie.cloud.server:
    provider: elastichosts
    name: batch1
    state: stopped
    stop_timeout: 30
    force_stop: true

- name: Have a server on
  indie.cloud.server:
    provider: cloudsigma
    name: batch2
    state: running

- name: Say once what several tasks have in common
  module_defaults:
    group/indie.cloud.all:
      provider: upcloud
      upcloud_token: "{{ lookup('ansible.builtin.env', 'UPCLOUD_TOKEN') }}"
  block:
    - name: Have two servers alike, without waiting for one before the other
      indie.cloud.server:
        name: "{{ item }}"
        zone: de-fra1
        plan: DEV-1xCPU-1GB-10GB
        image: Debian GNU/Linux 12 (Bookworm)
        ssh_keys: ["{{ admin_key }}"]
        wait: false
      loop: [app1.example.com, app2.example.com]
      register: apps

    - name: Wait for both
      indie.cloud.job:
        jobs: "{{ apps.results | map(attribute='job') }}"

# These two act each time.

- name: Restart a server, gracefully if it shuts down within two minutes
  indie.cloud.server:
    provider: upcloud
    name: web1.example.com
    state: restarted
    force_stop: true

- name: Install the server anew, which destroys what is on it
  indie.cloud.server:
    provider: memset
    name: db1
    state: reimaged
    image: debian_stretch_64
    memset:
      force_reimage: true

# These change nothing the second time.

- name: Delete a server and its drives
  indie.cloud.server:
    provider: upcloud
    name: db1.example.com
    state: absent
    delete_drives: true

- name: Delete a server and see which drives stay and go on being billed
  indie.cloud.server:
    provider: elastichosts
    name: web4
    state: absent
  register: web4

- name: Cancel a server
  indie.cloud.server:
    provider: memset
    name: db1
    state: absent
"""

RETURN = r"""
changed:
  description: Whether anything was changed, or would be in check mode.
  returned: always
  type: bool
  sample: true
diff:
  description: The known fields before and after. Both are empty where there is nothing.
  returned: always
  type: dict
  contains:
    before:
      description: The fields of the server as it was.
      returned: always
      type: dict
    after:
      description: The fields of the server as it is, or in check mode would be, afterwards.
      returned: always
      type: dict
steps:
  description:
    - What has to be done, in order. In check mode, what would be done.
    - A step may still be left out where an earlier answer makes it needless.
  returned: always
  type: list
  elements: dict
  contains:
    operation:
      description: The operation of the API.
      returned: always
      type: str
      sample: POST /server
    summary:
      description: The same in words.
      returned: always
      type: str
      sample: make the server
    destructive:
      description: Whether something is lost by it.
      returned: always
      type: bool
      sample: false
    cost:
      description: The price as in RV(quote), where it was asked for.
      returned: always
      type: dict
server:
  description:
    - The server afterwards, with the same keys for every provider. V(null) when there is none.
    - What a provider does not tell is V(null). In check mode also what only the API can give, which is listed in
      RV(unknown_until_applied).
  returned: always
  type: dict
  contains:
    id:
      description: The provider's identifier.
      returned: always
      type: str
      sample: 00798b85-efdc-41ca-8021-f6ef457b8531
    name:
      description: The name by which modules find the server.
      returned: always
      type: str
      sample: web1.example.com
    provider:
      description: The cloud that it is at.
      returned: always
      type: str
      sample: upcloud
    state:
      description:
        - One of V(running), V(stopped), V(starting), V(stopping), V(error) and V(unknown).
        - Memset's API tells nothing of the power, so there it is V(unknown).
      returned: always
      type: str
      sample: running
    provider_state:
      description: The state in the provider's own word.
      returned: always
      type: str
      sample: started
    zone:
      description: Where it is.
      returned: always
      type: str
      sample: fi-hel1
    plan:
      description: The size by name.
      returned: always
      type: str
      sample: 1xCPU-2GB
    cpu_cores:
      description: Number of cores.
      returned: always
      type: int
      sample: 1
    cpu_mhz:
      description: MHz of all cores together.
      returned: always
      type: int
    memory_mb:
      description: Memory in MiB.
      returned: always
      type: int
      sample: 2048
    image:
      description: What was installed, where the provider tells.
      returned: always
      type: str
    public_ipv4:
      description: Public IPv4 addresses.
      returned: always
      type: list
      elements: str
      sample: [94.237.0.207]
    public_ipv6:
      description: Public IPv6 addresses.
      returned: always
      type: list
      elements: str
    private_ipv4:
      description: IPv4 addresses in private networks.
      returned: always
      type: list
      elements: str
    private_ipv6:
      description: IPv6 addresses in private networks.
      returned: always
      type: list
      elements: str
    utility_ipv4:
      description: Addresses in the provider's own network between servers of a zone or account.
      returned: always
      type: list
      elements: str
    drives:
      description: The drives, with the keys of O(drives) as far as the provider tells.
      returned: always
      type: list
      elements: dict
    networks:
      description: The interfaces, with the keys of O(networks) as far as the provider tells.
      returned: always
      type: list
      elements: dict
    persistent:
      description: Whether the server outlives a stop.
      returned: always
      type: bool
    vnc_address:
      description: Where VNC listens.
      returned: always
      type: str
    vnc_tls:
      description: Whether VNC is encrypted.
      returned: always
      type: bool
    tags:
      description: Tags.
      returned: always
      type: list
      elements: str
    labels:
      description: Labels.
      returned: always
      type: dict
    created:
      description: When it was made, as the provider writes it.
      returned: always
      type: str
    provider_options:
      description:
        - What only this provider has, as far as it can be read, with the keys of the provider's dictionary option.
      returned: always
      type: dict
    raw:
      description: The server as the API gave it, less its secrets.
      returned: always
      type: dict
job:
  description:
    - A handle for what is still going on, with O(wait=false) or when O(wait_timeout) has passed. Else V(null).
    - The modules M(indie.cloud.job) and M(indie.cloud.job_info) take it. It holds no secret.
  returned: always
  type: dict
  contains:
    provider:
      description: The provider.
      returned: where there is one
      type: str
      sample: memset
    kind:
      description: V(job) where the provider has a job for it, V(state) where the state of a thing tells.
      returned: where there is one
      type: str
      sample: job
    id:
      description: Identifier of the job, or of the thing.
      returned: where there is one
      type: str
    resource:
      description: What it is about, and how to know the end.
      returned: where there is one
      type: dict
    remaining:
      description: What is still to do at the end.
      returned: where there is one
      type: list
      elements: dict
unknown_until_applied:
  description: The keys of RV(server) that only the API can give, which are V(null) in check mode. Else empty.
  returned: always
  type: list
  elements: str
  sample: [created, id, public_ipv4, raw]
notes:
  description: What is worth knowing of this run, such as options that cannot be compared.
  returned: always
  type: list
  elements: str
kept_drives:
  description:
    - With O(state=absent), the drives that are kept and go on being billed. Else V(null).
  returned: at UpCloud, CloudSigma and ElasticHosts
  type: list
  elements: dict
  contains:
    id:
      description: Identifier of the drive.
      returned: always
      type: str
    name:
      description: Its name, or title.
      returned: always
      type: str
    size_gb:
      description: Its size in GiB.
      returned: always
      type: int
    tier:
      description: Its class of storage.
      returned: at UpCloud
      type: str
    reason:
      description: Why it is kept.
      returned: at CloudSigma and ElasticHosts
      type: str
quote:
  description: The price of what is ordered, net of VAT, also in check mode. V(null) where nothing is ordered.
  returned: at Memset
  type: dict
  contains:
    currency:
      description: The currency of the account.
      returned: where there is one
      type: str
      sample: GBP
    setup:
      description: For setting up.
      returned: where there is one
      type: float
    monthly:
      description: For each month. For an upgrade, how much more.
      returned: where there is one
      type: float
      sample: 7.5
    hourly:
      description: For each hour, billed afterwards.
      returned: where there is one
      type: float
    total:
      description: Set-up and rental in advance.
      returned: where there is one
      type: float
      sample: 7.5
error:
  description: What went wrong. V(null) where nothing did.
  returned: always
  type: dict
  contains:
    kind:
      description:
        - What kind of failure it is, in a word to branch on. One of V(input), V(invalid), V(auth), V(not_found),
          V(ambiguous), V(conflict), V(precondition), V(quota), V(throttled), V(unavailable), V(malformed),
          V(job_failed), V(wait_timeout), V(outcome_unknown) and V(api). The page C(docs/architecture.md) says what
          each means.
      returned: on failure
      type: str
      sample: quota
    provider:
      description: The provider.
      returned: on failure
      type: str
      sample: upcloud
    operation:
      description: The operation of the API that failed, where it was one.
      returned: on failure
      type: str
      sample: POST /server
    code:
      description: The provider's own code, where it has one. For a failed wait the status.
      returned: on failure
      type: raw
      sample: SERVER_RESOURCES_LIMIT_REACHED
    http_status:
      description: Status of the answer, where there was one.
      returned: on failure
      type: int
      sample: 403
    message:
      description: What happened and what can be done, in words.
      returned: on failure
      type: str
    job:
      description: The job that failed or goes on, where it was one.
      returned: on failure
      type: str
    request_id:
      description: The provider's identifier of the request, for its support.
      returned: on failure
      type: str
secrets:
  description: With O(return_secrets=true), the passwords that the provider made, each under its name. Else empty.
  returned: always
  type: dict
stats:
  description: What the task took.
  returned: always
  type: dict
  contains:
    api_calls:
      description: Requests to the API.
      returned: always
      type: int
      sample: 4
    api_writes:
      description: How many of them could change something.
      returned: always
      type: int
      sample: 1
    retries:
      description: How often a request was sent again.
      returned: always
      type: int
      sample: 0
    waited_seconds:
      description: How long the task waited for what it started.
      returned: always
      type: float
      sample: 12.5
"""

from ansible_collections.indie.cloud.plugins.module_utils.module import run
from ansible_collections.indie.cloud.plugins.module_utils.resources.server import SERVER
from ansible_collections.indie.cloud.plugins.module_utils.runner import resource_task


def main():
    run(resource_task(SERVER))


if __name__ == '__main__':
    main()
