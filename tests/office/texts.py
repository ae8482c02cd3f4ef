"""Small whole configurations of our own, one for each way a platform writes them; all of the device rtr-uji."""

TEXTS = {
    "ios": """version 15.2
service timestamps log datetime msec
hostname rtr-uji
enable secret 5 rahasia-satu
interface GigabitEthernet0/1
 description Ke penyedia
 ip address 192.0.2.2 255.255.255.252
line vty 0 4
 transport input ssh
end
""",
    "nxos": """!Command: show running-config
!Time: Sat Nov 21 14:00:00 2026
version 9.3(8)
hostname rtr-uji
snmp-server community rahasia-satu group network-operator
interface Ethernet1/1
  description Ke penyedia
line vty
""",
    "eos": """! device: rtr-uji (DCS-7050SX3-48YC8, EOS-4.29.2F)
!
hostname rtr-uji
username admin privilege 15 secret sha512 rahasia-satu
interface Ethernet1
   description Ke penyedia
   ip address 192.0.2.2/30
end
""",
    "junos": """## Last commit: 2026-11-21 11:41:05 UTC by budi
version 22.4R3-S2.11;
system {
    host-name rtr-uji;
    root-authentication {
        encrypted-password "rahasia-satu"; ## SECRET-DATA
    }
}
interfaces {
    ge-0/0/0 {
        description "Ke penyedia";
    }
}
""",
    "routeros": """# 2026-11-21 06:08:35 by RouterOS 7.10.1
# software id = AB-CD
#
/interface wireless security-profiles
set 0 wpa2-pre-shared-key=rahasia-satu
/ip address
add address=192.0.2.2/30 interface=ether1
/system identity
set name=rtr-uji
""",
    "fortios": """#config-version=FGT91G-7.4.7-FW-build2731-250120:opmode=1:vdom=0:user=budi
#conf_file_ver=440000000000001
config system global
    set hostname "rtr-uji"
end
config system interface
    edit "wan1"
        set ip 192.0.2.2 255.255.255.252
        set alias "Ke penyedia"
    next
end
config system admin
    edit "budi"
        set password ENC rahasia-satu
    next
end
""",
    "comware": """ version 7.1.070, Release 6710
#
 sysname rtr-uji
#
local-user budi class manage
 password hash rahasia-satu
#
interface GigabitEthernet1/0/1
 description Ke penyedia
#
return
""",
    "vyos": """interfaces {
    ethernet eth0 {
        address "192.0.2.2/30"
    }
}
system {
    host-name "rtr-uji"
    login {
        user budi {
            authentication {
                encrypted-password "rahasia-satu"
            }
        }
    }
}
""",
    "opnsense": """<?xml version="1.0"?>
<opnsense>
  <system>
    <hostname>rtr-uji</hostname>
    <user>
      <password>rahasia-satu</password>
    </user>
  </system>
</opnsense>
""",
    "frr": """frr version 8.4.4
frr defaults traditional
hostname rtr-uji
password rahasia-satu
router bgp 64512
 neighbor 192.0.2.1 remote-as 64496
exit
end
""",
}
