"""What the demo router is told at power-on."""

from __future__ import annotations

import random

from tests.office.seeded import Seed

HOSTNAME = "rtr-kampus"
_CONFIGURATION = """frr defaults traditional
hostname {hostname}
password {password}
enable password {password}
log file /run/office/run/frr.log informational
ip forwarding
service integrated-vtysh-config
!
interface ether1
 description Ke penyedia (uplink) - "fiber"
 ip address 192.0.2.2/30
exit
!
interface ether2
 description LAN kampus
 ip address 192.0.2.129/26
 ipv6 address 2001:db8:30::1/64
exit
!
ip route 0.0.0.0/0 192.0.2.1
ip route 10.20.0.0/16 192.0.2.1
ip route 198.51.100.0/24 Null0 tag 666
ipv6 route 2001:db8:ffff::/48 blackhole
{lines}!
router bgp 64512
 bgp router-id 192.0.2.2
 no bgp default ipv4-unicast
 neighbor HULU peer-group
 neighbor HULU remote-as 64496
 neighbor HULU password {peer_password}
 neighbor 192.0.2.1 peer-group HULU
 neighbor 192.0.2.1 description Penyedia utama
 neighbor 192.0.2.130 remote-as 64513
 neighbor 192.0.2.130 description Gedung rektorat
 !
 address-family ipv4 unicast
  network 198.51.100.0/24
  neighbor HULU activate
  neighbor HULU prefix-list DARI-HULU in
  neighbor HULU prefix-list KE-HULU out
  neighbor 192.0.2.130 activate
  neighbor 192.0.2.130 route-map GEDUNG in
 exit-address-family
exit
!
ip prefix-list DARI-HULU seq 5 permit 0.0.0.0/0
ip prefix-list DARI-HULU seq 10 deny any
ip prefix-list KE-HULU description Yang boleh keluar
ip prefix-list KE-HULU seq 5 permit 198.51.100.0/24
ip prefix-list KE-HULU seq 10 deny 10.0.0.0/8 le 32
ip prefix-list KE-HULU seq 15 deny any
!
route-map GEDUNG permit 10
 match ip address prefix-list DARI-HULU
 set local-preference 150
exit
!
line vty
 exec-timeout 15 0
exit
!
"""


def configuration(seed: Seed) -> str:
    """Given the seed, return what a campus router starts with: addresses (RFC 5737), routes, secrets and lists."""
    rng = seed.random("router")
    return _CONFIGURATION.format(
        hostname=HOSTNAME,
        password=f"sandi-{rng.randrange(10**8):08d}",
        peer_password=f"bgp-{rng.randrange(10**8):08d}",
        lines="".join(_campus_routes(rng, seed.count(40))),
    )


def _campus_routes(rng: random.Random, count: int) -> list[str]:
    networks = rng.sample(range(256), min(count, 200))
    return [
        f"ip route 10.30.{network}.0/24 192.0.2.{rng.choice((5, 6))} {rng.choice((10, 20))}\n"
        for network in sorted(networks)
    ]
