"""What each shipped platform takes for a secret: lines as its makers' manuals have them; nothing else is hidden."""

from __future__ import annotations

import pytest
from ansible_collections.sopwrap.backup.plugins.module_utils.platform_text import MASK

from tests.office.platforms import platform

SECRET = "Rahasia1"
SECRETS = {
    "ios": """
enable secret 9 @
enable password level 7 7 @
username budi privilege 15 secret 9 @
username budi password encrypted @ privilege 15
username budi common-criteria-policy KUAT password 0 @
snmp-server community @ RO 10
snmp-server host 192.0.2.9 version 2c @ config
snmp-server host 192.0.2.9 vrf Mgmt version 3 priv @
snmp-server user budi TIM v3 auth sha @ priv aes 128 x
snmp-server user budi TIM v3 auth sha x priv aes 128 @
tacacs-server host 192.0.2.9 key 7 @
radius-server host 192.0.2.9 auth-port 1812 acct-port 1813 key 7 @
 server-private 192.0.2.9 auth-port 1812 acct-port 1813 timeout 2 key 7 @
 server-private 192.0.2.9 key 7 @
 client 192.0.2.9 server-key 7 @
 key 7 @
 key @
 pac key 7 @
  key-string 7 @
 password 7 @
 neighbor 192.0.2.9 password 7 @
 ip ospf message-digest-key 1 md5 7 @
 ip ospf authentication-key 7 @
 area 1 virtual-link 192.0.2.9 message-digest-key 1 md5 7 @
 area 1 virtual-link 192.0.2.9 authentication-key 7 @
 ipv6 ospf authentication ipsec spi 500 md5 0 @
 isis password @ level-2
crypto isakmp key 6 @ address 192.0.2.9
 pre-shared-key address 0.0.0.0 0.0.0.0 key 6 @
 pre-shared-key local @
 standby 1 authentication md5 key-string 7 @
 standby authentication @
 vrrp 1 authentication text @
 ip nhrp authentication @
 ppp chap password 7 @
 ppp pap sent-username budi password 7 @
 wpa-psk ascii 0 @
ntp authentication-key 1 md5 @ 7
ip ftp password 7 @
vtp password @
mpls ldp neighbor 192.0.2.9 password 7 @
 authentication username budi password 7 @ realm kantor
 credentials number 100 username budi password 7 @ realm kantor
crypto pki certificate pool password 7 @
 security wpa psk set-key ascii 0 @ lagi
 mgmtuser username budi password 0 x secret 0 @ lagi
 mgmtuser username budi password 0 @ lagi secret 0 x
 dot1x username budi password 0 @ lagi
 l2tp tunnel password 7 @
 digest secret 0 @ hash MD5
 pre-shared-key remote hex @
 set session-key inbound ah 300 @
 set session-key outbound esp 300 cipher x authenticator @
snmp-server mib community-map @ context kantor
rf-switch snmp-community @
cts sap pmk @ mode-list gcm-encrypt
cts credentials id budi password 7 @
wlccp ap username budi password 7 @
 eap username budi password 0 @
 encryption key 1 size 128bit 7 @ transmit-key
 security static-wep-key encryption 104 ascii 0 @ 1
event manager environment _sandi_pass @
 bind authenticate root-dn cn=budi password 7 @
 nas 192.0.2.9 key 7 @
 user budi nthash 7 @
 group kantor key @
ip wccp web-cache password 0 @
mpls ldp password option 1 for kantor 7 @
""",
    "nxos": """
username admin password 5 @ role network-admin
snmp-server community @ group network-operator
snmp-server user admin network-admin auth md5 @ priv aes-128 x localizedkey
snmp-server user admin network-admin auth md5 x priv aes-128 @ localizedkey
snmp-server user admin network-admin auth md5 x priv @ localizedkey
snmp-server host 192.0.2.9 traps version 2c @
radius-server host 192.0.2.9 key 7 "@" authentication accounting
tacacs-server host 192.0.2.9 key 7 "@"
tacacs-server key 7 "@"
    key-string 7 @
  neighbor 192.0.2.9 password 3 @
    password 3 @
  ip ospf message-digest-key 1 md5 3 @
  authentication md5 key-string @
ntp authentication-key 1 md5 @ 7
  authentication text @
    authentication @
   key-octet-string 7 @ cryptographic-algorithm AES_128_CMAC
""",
    "eos": """
username admin privilege 15 role network-admin secret sha512 @
enable password sha512 @
enable secret sha512 @
snmp-server community @ ro
snmp-server user budi TIM v3 localized f5 auth sha @ priv aes x
snmp-server user budi TIM v3 localized f5 auth sha x priv aes @
snmp-server host 192.0.2.9 version 2c @
radius-server host 192.0.2.9 key 7 @
tacacs-server key 7 @
tacacs-server host 192.0.2.9 key 8a @
   neighbor 192.0.2.9 password 7 @
   ip ospf message-digest-key 1 sha256 7 @
   ip ospf authentication-key 7 @
ntp authentication-key 1 sha1 7 @
   authentication-key 7 @
   vrrp 1 ipv4 authentication text @
   shared-secret profile kantor 7 @
   isis authentication key 7 @
aaa root secret sha512 @
   isis authentication key @ level-1
   vrrp 1 peer authentication @
   key 0x1 7 @
      key 0abc 7 @ fallback
   secret baru 7 @ receive-lifetime infinite transmit-lifetime infinite
   exec /usr/bin/TerminAttr -ingestauth=key,@ -taillogs
""",
    "asa": """
enable password @ pbkdf2
passwd @ encrypted
username budi password @ pbkdf2 privilege 15
 ikev1 pre-shared-key @
 ikev2 remote-authentication pre-shared-key @
 ikev2 local-authentication pre-shared-key 0 @
aaa-server TACACS (inside) host 192.0.2.9 key @
 key @
 ldap-login-password @
snmp-server community @
snmp-server host inside 192.0.2.9 community @ version 2c
snmp-server host inside 192.0.2.9 poll community 8 @
snmp-server user budi TIM v3 encrypted auth sha @ priv aes 256 x
snmp-server user budi TIM v3 encrypted auth sha x priv aes 256 @
failover key @
failover ipsec pre-shared-key @
 ospf message-digest-key 1 md5 @
 neighbor 192.0.2.9 password @
ntp authentication-key 1 md5 @
 vpdn username budi password @
vpdn username budi password @ store-local
failover key hex @
 radius-common-pw @
 rip authentication key @ key_id 1
 authentication key eigrp 1 @ key-id 1
aaa-server RADIUS (inside) host 192.0.2.9 @ timeout 5
""",
    "iosxr": """
 secret 10 @
 password 7 @
 key 7 @
snmp-server community @ RO SystemOwner
snmp-server host 192.0.2.9 traps version 2c @
snmp-server user budi TIM v3 auth md5 encrypted @ priv des56 encrypted x
snmp-server user budi TIM v3 auth md5 encrypted x priv des56 encrypted @
tacacs-server host 192.0.2.9 port 49 key 7 @
   key-string password @
  password encrypted @
  message-digest-key 1 md5 encrypted @
  hello-password hmac-md5 encrypted @
  lsp-password hmac-md5 encrypted @ level 2
  neighbor password encrypted @
ntp authentication-key 1 md5 encrypted @
snmp-server community encrypted @ RO
snmp-server community-map @ context kantor
snmp-server host 192.0.2.9 traps version 2c encrypted @
 lsp-password text encrypted @
  hello-password text @
 neighbor 192.0.2.9:0 password encrypted @
 authentication-key 1 md5 encrypted @
   authentication @
   text-authentication @
  ppp chap password encrypted @
  key-string password6 @ cryptographic-algorithm aes-128-cmac
ftp client vrf kantor password encrypted @
""",
    "junos": """
        encrypted-password "@"; ## SECRET-DATA
        secret "@"; ## SECRET-DATA
            pre-shared-key ascii-text "@"; ## SECRET-DATA
            authentication-key "@"; ## SECRET-DATA
                md5 1 key "@"; ## SECRET-DATA
    community @ {
    community "@" {
                authentication-password "@";
                    authentication-key "@";
                    privacy-key "@";
        simple-password "@"; ## SECRET-DATA
    authentication-key 1 type md5 value "@"; ## SECRET-DATA
            hello-authentication-key "@"; ## SECRET-DATA
                    ssh-rsa-private "@";
        ppp-options { chap { default-chap-secret "@";
        trap-group x; password "@";
                md5 1 key "@" start-time "2026-1-1.00:00:00 +0000"; ## SECRET-DATA
""",
    "routeros": """
/ppp secret add name=budi password=@ profile=vpn
add name=budi password="@"
set 0 wpa2-pre-shared-key=@ wpa-pre-shared-key=x
set 0 wpa2-pre-shared-key=x wpa-pre-shared-key=@
add authentication-types=wpa2-psk passphrase=@
set [ find default=yes ] security.authentication-types=wpa2-psk .passphrase=@
add address=192.0.2.9 secret=@ service=login
add peer=hulu secret="@"
set [ find default=yes ] name=@ read-access=yes
add authentication-password=@ encryption-password=x name=kantor security=private
add interface=wg1 private-key="@="
add preshared-key="@=" public-key="x"
add tcp-md5-key=@ name=hulu
add name=x auth-id=1 auth=md5 auth-key=@
set auth-key=@
add ipsec-secret=@ name=l2tp
set use-ipsec=yes ipsec-secret="@"
set api-key=@
/user add name=budi group=full password=@
set ftp-password=@
add http-proxy-password=@
set password=@ user=budi
add user=budi password=@ add-default-route=yes
add name=budi password="dua @ \\" @" profile=vpn
add cak=@ ckn=abc
add key=DB_PASSWORD name=x value=@
add name=x source=":local sandipass \\"@\\"\r\n/x"
add addresses=::/0 name=@
set [ find default=yes ] authentication-protocol=SHA1 name=@
set [ find default=yes ] name=@
""",
    "fortios": """
        set password ENC @
        set passwd ENC @
        set psksecret ENC @
        set secret ENC @
        set passwd @
        set auth-pwd ENC @
        set priv-pwd ENC @
        set passphrase ENC @
        set key ENC @
        set ldap-password "@"
        set ppp-password ENC @
        set md5-key 1 "@"
        set authentication-key "@"
        set sae-password ENC @
        set private-key "@"
        set pre-shared-key "@"
        set authkey ENC @
        set enckey ENC @
        set api-key "@"
        set group-password ENC @
        set server-key ENC @
        set passwd "dua @ tiga"
        set community "dua @"
        set sae-pw "@"
        set auth-token "@"
""",
    "comware": """
 password hash @
 password cipher @
 password simple @
 super password role network-admin hash @
 set authentication password hash @
 snmp-agent community read cipher @
 snmp-agent community read simple @ acl 2000
 snmp-agent community write @
 snmp-agent usm-user v3 budi TIM cipher authentication-mode sha @ privacy-mode aes128 x
 snmp-agent usm-user v3 budi TIM cipher authentication-mode sha x privacy-mode aes128 @
 snmp-agent target-host trap address udp-domain 192.0.2.9 params securityname @ v2c
 key authentication cipher @
 key accounting cipher @
 primary authentication 192.0.2.9 key cipher @
 primary accounting 192.0.2.9 key simple @
 pre-shared-key address 192.0.2.9 255.255.255.255 key cipher @
 ospf authentication-mode md5 1 cipher @
 peer 192.0.2.9 password cipher @
 ntp-service authentication-keyid 1 authentication-mode md5 cipher @
 authentication-mode simple cipher @
 isis authentication-mode md5 cipher @
 vrrp vrid 1 authentication-mode md5 cipher @
 preshared-key pass-phrase cipher @
 secondary accounting 192.0.2.9 1813 key @
 key authentication @
 ospf authentication-mode md5 1 plain @
 ntp-service authentication-keyid 1 authentication-mode md5 @
 ppp chap password @
 dldp authentication-password md5 @
 mka psk ckn 01 cak simple @
 bfd authentication-mode md5 1 @
  md5-authentication 192.0.2.9 plain @
""",
    "vrp": """
 local-user budi password irreversible-cipher @
 local-user budi password cipher @
 super password level 3 cipher @
 set authentication password cipher @
 snmp-agent community read cipher @
 snmp-agent community write @
 snmp-agent usm-user v3 budi authentication-mode sha cipher @
 snmp-agent usm-user v3 budi privacy-mode aes128 cipher @
 snmp-agent target-host trap address udp-domain 192.0.2.9 params securityname cipher @ v2c
 radius-server shared-key cipher @
 hwtacacs-server shared-key cipher @
 pre-shared-key cipher @
 ospf authentication-mode md5 1 cipher @
 ospf authentication-mode simple plain @
 peer 192.0.2.9 password cipher @
 isis authentication-mode md5 cipher @
 ntp-service authentication-keyid 1 authentication-mode md5 cipher @
 vrrp vrid 1 authentication-mode md5 @
 security wpa2 psk pass-phrase @ aes
 ftp password cipher @
 rip authentication-mode md5 usual @
  md5-password cipher 192.0.2.9 @
 snmp-agent usm-user v3 budi TIM authentication-mode md5 x privacy-mode des56 @
 security wpa-wpa2 psk hex @ aes
 sa encryption-hex inbound esp @
 capwap dtls psk @
""",
    "vyos": """
                encrypted-password "@"
                plaintext-password "@"
                pre-shared-secret "@"
                secret "@"
        password "@"
            md5-key "@"
        private-key "@"
        preshared-key "@"
        community @ {
            key "@"
            passphrase "@"
                md5 "@"
            plaintext-key "@"
                password @
                encrypted-key "@"
            auth-key "@"
            shared-secret-key "@"
set service snmp community @ authorization 'ro'
set system login user budi authentication encrypted-password '@'
set system login user budi authentication encrypted-password 'dua @'
            psk @
""",
    "aoscx": """
user admin group administrators password ciphertext @
radius-server host 192.0.2.9 key ciphertext @
tacacs-server key plaintext @
snmp-server community @
snmp-server host 192.0.2.9 trap version v2c community @
snmpv3 user budi auth sha auth-pass ciphertext @ priv aes priv-pass ciphertext x
snmpv3 user budi auth sha auth-pass ciphertext x priv aes priv-pass ciphertext @
    neighbor 192.0.2.9 password ciphertext @
    ip ospf message-digest-key 1 md5 ciphertext @
    ip ospf authentication-key ciphertext @
ntp authentication-key 1 sha1 ciphertext @
    key-string ciphertext @
    aaa authentication port-access dot1x authenticator key ciphertext @
ntp authentication-key 1 md5 @
    vrrp 1 authentication text @
""",
    "opnsense": """
      <password>@</password>
            <httpdPassword>@</httpdPassword>
              <snmp_password>@</snmp_password>
      <prv>@</prv>
      <pre-shared-key>@</pre-shared-key>
      <ldap_bindpw>@</ldap_bindpw>
      <radius_secret>@</radius_secret>
      <rocommunity>@</rocommunity>
        <otp_seed>@</otp_seed>
          <privkey>@</privkey>
          <psk>@</psk>
        <item><key>@</key><secret>x</secret></item>
        <item><key>x</key><secret>@</secret></item>
        <backup_password>@</backup_password>
        <api_token>@</api_token>
""",
    "pfsense": """
      <bcrypt-hash>@</bcrypt-hash>
      <sha512-hash>@</sha512-hash>
      <prv>@</prv>
      <pre-shared-key>@</pre-shared-key>
      <ldap_bindpw>@</ldap_bindpw>
      <radius_secret>@</radius_secret>
      <rocommunity>@</rocommunity>
      <presharedkey>@</presharedkey>
      <privatekey>@</privatekey>
      <ipsecpsk>@</ipsecpsk>
      <auth_pass>@</auth_pass>
      <proxy_passwd>@</proxy_passwd>
      <passwordfld>@</passwordfld>
      <varuserspassword>@</varuserspassword>
""",
    "frr": """
password @
enable password 8 @
 neighbor 192.0.2.9 password @
 ip ospf message-digest-key 1 md5 @
 ip ospf authentication-key @
 area 1 virtual-link 192.0.2.9 message-digest-key 1 md5 @
 isis password md5 @
 area-password clear @
 domain-password md5 @
 ip rip authentication string @
  key-string @
 authentication text @
 ip nhrp authentication @
 msdp peer 192.0.2.9 password @
""",
    "procurve": """
password manager user-name "admin" sha1 "@"
snmp-server community "@" unrestricted
snmp-server host 192.0.2.9 community "@" trap-level critical
radius-server host 192.0.2.9 key "@"
radius-server key "@"
tacacs-server host 192.0.2.9 encrypted-key "@"
snmpv3 user "budi" auth sha "@" priv aes "x"
snmpv3 user "budi" auth sha "x" priv aes "@"
sntp authentication key-id 1 authentication-mode md5 key-value "@"
   ip ospf md5-auth-key-chain "x" key-string "@"
key-chain "x" key 1 key-string "@"
password port-access user-name "budi" plaintext "@"
encrypted-password manager user-name "budi" @
encrypt-credentials pre-shared-key plaintext "@"
aaa port-access supplicant 1 identity "budi" secret "@"
aaa port-access supplicant 1 identity "budi" encrypted-secret "@"
aaa authentication local-user "budi" group "kantor" password sha1 "@"
      encrypted-key "@"
      mode pre-shared-key ckn 37c9 encrypted-cak "@"
 "@"
 "x" priv aes "@"
radius-server host 192.0.2.9 key "dua @"
""",
    "ironware": """
enable super-user-password 8 @
username budi password 8 @
snmp-server community 2 @ ro
snmp-server community @ rw
radius-server host 192.0.2.9 auth-port 1812 acct-port 1813 default key 2 @
radius-server key 2 @
tacacs-server key 2 @
 neighbor 192.0.2.9 password 2 @
 ip ospf authentication-key 2 @
snmp-server user budi TIM v3 encrypted auth sha @ priv encrypted aes x
snmp-server user budi TIM v3 encrypted auth sha x priv encrypted aes @
snmp-server host 192.0.2.9 version v2c @
""",
    "onyx": """
   username admin password 7 @
   radius-server host 192.0.2.9 key "@"
   tacacs-server key @
   snmp-server community @ ro
   snmp-server user budi v3 encrypted auth sha @ priv aes-128 x
   snmp-server user budi v3 encrypted auth sha x priv aes-128 @
   ntp authentication-key 1 sha1 @
   snmp-server host 192.0.2.9 traps version 2c @
   ldap bind-password @
""",
    "aosw": """
enable secret @
mgmt-user admin root @
snmp-server community "@"
snmp-server host 192.0.2.9 version 2c @ udp-port 162
    wpa-passphrase @
    key @
    bkup-passwords @
crypto isakmp key "@" address 192.0.2.9 netmask 255.255.255.255
snmp-server user budi auth-prot sha @ priv-prot aes x
snmp-server user budi auth-prot sha x priv-prot aes @
ap ap-group; ike-psk @
   admin-passwd @
ike authentication pre-share @
pre-shared-key "@"
ap-console-password "@"
authentication @
peer-ip-address 192.0.2.9 ipsec @
mgmt-user admin root @ node /mm
    wpa-passphrase "dua @ tiga"
""",
    "tplink": """
user name budi privilege admin secret 5 @
user name budi privilege admin password 7 @
enable secret 5 @
snmp-server community "@" read-only
radius-server host 192.0.2.9 key 7 @
""",
    "netgear": """
username "admin" password @ level 15 encrypted
users passwd "admin" encrypted @
enable password @ encrypted
snmp-server community "@"
radius server key auth "192.0.2.9" encrypted @
tacacs-server key encrypted "@"
tacacs-server host "192.0.2.9" key @
username "admin" secret encrypted @
snmp user "admin" "TIM" auth md5 encrypted @
snmp user "admin" "TIM" auth md5 x priv des @
snmp community "@" enable 0.0.0.0 mask 0.0.0.0 ro
snmp host 192.0.2.9 enable version 2c "@"
""",
    "cumulus": """
            hashed-password: @
            password: '@'
              secret: @
              shared-secret: @
            auth-password: @
          passphrase: @
            key: @
net add bgp neighbor 192.0.2.9 password @
net add snmp-server readonly-community @
net add snmp-server readonly-community @ access any
          readonly-community:
""",
    "bird": """
  password "@";
  password "@" { id 1; };
""",
}
CASES = [
    pytest.param(name, line, id=f"{name}: {line.strip()}")
    for name, lines in SECRETS.items()
    for line in lines.strip("\n").splitlines()
    if "@" in line
]


@pytest.mark.parametrize(("name", "line"), CASES)
def test_a_secret_is_hidden_and_the_line_can_still_be_recognised(name: str, line: str) -> None:
    masked = platform(name).masked(line.replace("@", SECRET))
    assert platform(name).masked(line.replace("@", SECRET) + " ").rstrip() == masked, "a blank at the end"
    assert SECRET not in masked
    assert not masked.replace(MASK, "").count("hidden>"), "what one rule has hidden, another one hides again"
    assert masked.strip().split()[0].strip("<>:") not in ("secret hidden", "")


OPEN = [
    ("ios", " key 7"),
    ("ios", "ntp server 192.0.2.9 key 7 prefer"),
    ("ios", "password encryption aes"),
    ("ios", "mpls ldp password required"),
    ("ios", " ip ospf authentication key-chain KANTOR"),
    ("ios", " ip authentication key-chain eigrp 1 KANTOR"),
    ("ios", " tunnel key 100"),
    ("iosxr", "  authentication message-digest"),
    ("procurve", "   key 1"),
    ("aosw", "authentication pre-share"),
    ("vyos", "        secret {"),
    ("routeros", 'add name=budi password="" profile=vpn'),
    ("frr", " neighbor 192.0.2.9 description password"),
]


@pytest.mark.parametrize(("name", "line"), OPEN)
def test_what_is_no_secret_stays_readable(name: str, line: str) -> None:
    assert platform(name).masked(line) == line
