//! Which addresses are the public internet, and which are the host's own surroundings.

use ipnet::{Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Who may connect to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// Anyone.
    Public,
    /// Who is allowed private addresses: the host itself and the networks around it.
    Private,
    /// Nobody: not an address of one host, or one that answers with credentials of the machine.
    Never,
}

use Reach::{Never, Private};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8, reach: Reach) -> (Ipv4Net, Reach) {
    (Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix), reach)
}

/// IPv4 addresses that are not the public internet, by the IANA's registry of special-purpose
/// addresses (RFC 6890 and after), and services of clouds. The first that fits counts.
const V4: [(Ipv4Net, Reach); 20] = [
    // Cloud metadata: most clouds; Alibaba; Azure, which is a public address otherwise; Oracle.
    v4(169, 254, 169, 254, 32, Never),
    v4(100, 100, 100, 200, 32, Never),
    v4(168, 63, 129, 16, 32, Never),
    v4(192, 0, 0, 192, 32, Never),
    // "This network": Linux connects 0.0.0.0 to the host itself.
    v4(0, 0, 0, 0, 8, Never),
    v4(10, 0, 0, 0, 8, Private),
    // Shared by the customers of a provider (CGNAT).
    v4(100, 64, 0, 0, 10, Private),
    v4(127, 0, 0, 0, 8, Private),
    v4(169, 254, 0, 0, 16, Private),
    v4(172, 16, 0, 0, 12, Private),
    v4(192, 0, 0, 0, 24, Never),
    // Documentation, three times.
    v4(192, 0, 2, 0, 24, Never),
    v4(198, 51, 100, 0, 24, Never),
    v4(203, 0, 113, 0, 24, Never),
    // Relays of 6to4.
    v4(192, 88, 99, 0, 24, Never),
    v4(192, 168, 0, 0, 16, Private),
    // Benchmarks of networks.
    v4(198, 18, 0, 0, 15, Private),
    v4(224, 0, 0, 0, 4, Never),
    // Reserved, and broadcast.
    v4(240, 0, 0, 0, 4, Never),
    v4(255, 255, 255, 255, 32, Never),
];

const fn v6(segments: [u16; 8], prefix: u8, reach: Reach) -> (Ipv6Net, Reach) {
    let [a, b, c, d, e, f, g, h] = segments;
    (Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), prefix), reach)
}

/// The same for IPv6; what is not in `GLOBAL` and not here, nobody may connect to.
const V6: [(Ipv6Net, Reach); 12] = [
    // Cloud metadata: AWS; Google.
    v6([0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x254], 128, Never),
    v6([0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x254], 128, Never),
    v6([0, 0, 0, 0, 0, 0, 0, 1], 128, Private),
    // A network's own translation to IPv4: what is behind it is that network's secret.
    v6([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, Private),
    // Unique local, link local, site local.
    v6([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, Private),
    v6([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, Private),
    v6([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, Private),
    // Protocol assignments, Teredo among them, which tunnels to any IPv4 address; 6to4, the same.
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, Never),
    v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16, Never),
    // Documentation, twice.
    v6([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32, Never),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, Never),
    // The six-bone, given back.
    v6([0x3ffe, 0, 0, 0, 0, 0, 0, 0], 16, Never),
];

/// All of IPv6's global unicast addresses that were ever given out.
const GLOBAL: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);

/// The well-known prefix of translation to IPv4 (NAT64, RFC 6052).
const NAT64: Ipv6Net = Ipv6Net::new_assert(Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);

/// Who may connect to `address`. An IPv6 address that stands for an IPv4 address is judged as
/// that one.
pub(super) fn reach(address: IpAddr) -> Reach {
    match address {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(address) => reach_v4(address),
            None => reach_v6(address),
        },
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let found = V4.iter().find(|(net, _)| net.contains(&address));
    found.map_or(Reach::Public, |(_, reach)| *reach)
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    let otherwise = if GLOBAL.contains(&address) { Reach::Public } else { Never };
    let found = V6.iter().find(|(net, _)| net.contains(&address));
    found.map_or(otherwise, |(_, reach)| *reach)
}

/// The IPv4 address inside of `::ffff:a.b.c.d` and of `64:ff9b::a.b.c.d`. Other forms that embed
/// one, `::a.b.c.d`, 6to4 and Teredo, are of the past: nobody may connect to them.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    if NAT64.contains(&address) {
        let [.., a, b, c, d] = address.octets();
        return Some(Ipv4Addr::new(a, b, c, d));
    }
    address.to_ipv4_mapped()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use ipnet::IpNet;

    #[track_caller]
    fn all(expected: Reach, nets: &[&str]) {
        for net in nets {
            let net = if net.contains('/') {
                net.parse().unwrap()
            } else {
                IpNet::from(net.parse::<IpAddr>().unwrap())
            };
            assert_eq!([reach(net.network()), reach(net.broadcast())], [expected; 2], "{net}");
        }
    }

    #[test]
    fn the_internet_is_public() {
        all(
            Reach::Public,
            &[
                "1.1.1.1",
                "8.8.8.8",
                "11.0.0.0/8",
                "126.0.0.0/8",
                "128.0.0.0/16",
                "172.15.0.0/16",
                "172.32.0.0/16",
            ],
        );
        all(Reach::Public, &["100.63.255.255", "100.128.0.0", "192.167.255.255", "223.255.255.255"]);
        all(Reach::Public, &["2606:4700::1111", "2a00:1450:4001::/48", "2001:4860:4860::8888"]);
    }

    #[test]
    fn the_hosts_surroundings_are_private() {
        all(
            Private,
            &[
                "127.0.0.0/8",
                "10.0.0.0/8",
                "172.16.0.0/12",
                "192.168.0.0/16",
                "100.64.0.0/10",
                "198.18.0.0/15",
            ],
        );
        all(Private, &["169.254.0.0/16", "::1", "fc00::/7", "fe80::/10", "fec0::/10", "64:ff9b:1::/48"]);
    }

    #[test]
    fn metadata_and_what_is_no_host_are_out_of_reach() {
        all(Never, &["169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192"]);
        all(Never, &["fd00:ec2::254", "fd20:ce::254"]);
        all(
            Never,
            &["0.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255", "192.0.2.0/24", "192.88.99.0/24"],
        );
        all(Never, &["::", "ff00::/8", "2001:db8::/32", "3fff::/20", "100::/64", "4000::/3", "5f00::/16"]);
    }

    #[test]
    fn an_ipv4_address_in_an_ipv6_address_is_judged_as_itself() {
        all(Reach::Public, &["::ffff:8.8.8.8", "64:ff9b::8.8.8.8"]);
        all(Private, &["::ffff:127.0.0.1", "::ffff:10.1.2.3", "64:ff9b::7f00:1", "64:ff9b::192.168.0.1"]);
        all(Never, &["::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "::ffff:0.0.0.0"]);
    }

    #[test]
    fn forms_of_the_past_are_out_of_reach_whatever_they_embed() {
        all(Never, &["::127.0.0.1", "::8.8.8.8", "2002:7f00:1::", "2002:808:808::1", "2001:0:7f00:1::"]);
    }
}
