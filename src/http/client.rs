//! Who a visitor is: the address at the other end, or the one that a trusted proxy names.
//!
//! Anybody can write `X-Forwarded-For`; only what a trusted proxy added to it is known, and that stands at its right end.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderName, X_FORWARDED_FOR};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// Bits before the IPv4 address that is written as an IPv6 one (`::ffff:203.0.113.7`).
const BEFORE_MAPPED: u8 = 96;

/// The address that a request comes from. An IPv4 address that is written as an IPv6 one is the IPv4 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientAddress(IpAddr);

impl ClientAddress {
    /// Where there is no other end: no request at all.
    pub const NONE: Self = Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED));

    pub fn new(address: IpAddr) -> Self {
        Self(address.to_canonical())
    }

    pub fn address(self) -> IpAddr {
        self.0
    }

    /// What is one visitor's: an IPv4 address, or 64 bits of an IPv6 one, all of which one household has.
    pub fn visitor(self) -> IpNet {
        self.within(32, 64)
    }

    /// What one party can easily have all of: 24 bits of an IPv4 address, 48 of an IPv6 one.
    pub fn network(self) -> IpNet {
        self.within(24, 48)
    }

    fn within(self, bits: u8, bits_of_ipv6: u8) -> IpNet {
        let bits = if self.0.is_ipv4() { bits } else { bits_of_ipv6 };
        IpNet::new(self.0, bits).unwrap_or_else(|_| IpNet::from(self.0)).trunc()
    }
}

impl fmt::Display for ClientAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The proxies whose `X-Forwarded-For` or `Forwarded` is believed: addresses and networks, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedProxies(Vec<IpNet>);

impl TrustedProxies {
    /// As the setting has it where nobody sets it: a proxy on this very machine.
    pub const DEFAULT: &str = "127.0.0.0/8,::1/128";

    /// Nobody's word is believed.
    pub fn none() -> Self {
        Self(Vec::new())
    }

    /// Whether an address is a proxy's that is trusted.
    pub fn trusts(&self, client: ClientAddress) -> bool {
        self.0.iter().any(|network| network.contains(&client.0))
    }

    /// Those that are so wide that almost anybody stands in one of them: wider than the widest private networks.
    pub fn too_wide(&self) -> impl Iterator<Item = &IpNet> {
        self.0.iter().filter(|network| network.prefix_len() < if network.addr().is_ipv4() { 8 } else { 7 })
    }

    /// The first address, read from the right, that no trusted proxy has; what cannot be read ends the walk before it.
    ///
    /// `Forwarded` is read only where there is no `X-Forwarded-For`: most proxies write the latter and let through
    /// whatever a client sent as the former.
    pub fn client(&self, peer: ClientAddress, headers: &HeaderMap) -> ClientAddress {
        let entries = match entries(headers, &X_FORWARDED_FOR) {
            entries if entries.is_empty() => self::entries(headers, &FORWARDED).into_iter().map(for_whom).collect(),
            entries => entries,
        };
        let mut client = peer;
        for entry in entries {
            if !self.trusts(client) {
                break;
            }
            let Some(next) = entry.and_then(node) else { break };
            client = ClientAddress::new(next);
        }
        client
    }
}

impl FromStr for TrustedProxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(network).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let networks: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&networks.join(","))
    }
}

fn network(entry: &str) -> Result<IpNet, String> {
    let network = entry.parse::<IpNet>().or_else(|_| entry.parse::<IpAddr>().map(IpNet::from));
    let network =
        network.map_err(|_| format!("`{entry}` is neither an address nor a network like 10.0.0.0/8 or fd00::/8"))?;
    Ok(canonical(network))
}

/// A network of IPv4 addresses that are written as IPv6 ones is the IPv4 network.
fn canonical(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else { return network };
    let bits = mapped.prefix_len().checked_sub(BEFORE_MAPPED);
    let ipv4 = mapped.addr().to_ipv4_mapped().zip(bits).and_then(|(address, bits)| Ipv4Net::new(address, bits).ok());
    ipv4.map_or_else(|| IpNet::V6(Ipv6Net::trunc(&mapped)), IpNet::V4)
}

/// The entries of all lines of a header, from the right; none for a line that is no text.
fn entries<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Vec<Option<&'a str>> {
    let lines: Vec<_> = headers.get_all(name).collect();
    let of_line = |line: &'a actix_web::http::header::HeaderValue| match line.to_str() {
        Ok(line) => split_from_right(line, ',').into_iter().filter(|entry| !entry.is_empty()).map(Some).collect(),
        Err(_) => vec![None],
    };
    lines.into_iter().rev().flat_map(of_line).collect()
}

/// Splits at a separator outside of quotes, from the right: a quote that a client left open at the left hides nothing of
/// what a proxy added behind it.
fn split_from_right(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut end, mut is_quoted) = (Vec::new(), text.len(), false);
    for (at, letter) in text.char_indices().rev() {
        let before = text.get(..at).unwrap_or("");
        let is_escaped = (before.len() - before.trim_end_matches('\\').len()) % 2 == 1;
        if letter == '"' && !is_escaped {
            is_quoted = !is_quoted;
        } else if letter == separator && !is_quoted {
            parts.push(text.get(at + letter.len_utf8()..end).unwrap_or("").trim());
            end = at;
        }
    }
    parts.push(text.get(..end).unwrap_or("").trim());
    parts
}

/// What an element of `Forwarded` says in its one `for=`.
fn for_whom(element: Option<&str>) -> Option<&str> {
    let pairs = split_from_right(element?, ';');
    let mut named = pairs.into_iter().filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim())
    });
    named.next().filter(|_| named.next().is_none())
}

/// The address of an entry, which may stand in quotes, an IPv6 one in brackets, with a port behind it.
fn node(entry: &str) -> Option<IpAddr> {
    let entry = entry.strip_prefix('"').and_then(|inside| inside.strip_suffix('"')).unwrap_or(entry).trim();
    if let Some(inside) = entry.strip_prefix('[') {
        let (address, port) = inside.split_once(']')?;
        let is_whole = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
        return address.parse().ok().filter(|address: &IpAddr| is_whole && address.is_ipv6());
    }
    entry.parse().ok().or_else(|| {
        let (address, _) = entry.rsplit_once(':').filter(|(_, port)| is_port(port))?;
        address.parse().ok().map(IpAddr::V4)
    })
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;
    use proptest::prelude::*;

    fn proxies() -> TrustedProxies {
        "127.0.0.0/8, ::1, 10.0.0.0/8,fd00::/8".parse().unwrap()
    }

    fn client(peer: &str, lines: &[(&HeaderName, &str)]) -> String {
        let mut headers = HeaderMap::new();
        for (name, line) in lines {
            headers.append((*name).clone(), HeaderValue::from_str(line).unwrap());
        }
        proxies().client(ClientAddress::new(peer.parse().unwrap()), &headers).to_string()
    }

    fn forwarded(line: &str) -> String {
        client("10.1.1.1", &[(&FORWARDED, line)])
    }

    fn x_forwarded(line: &str) -> String {
        client("10.1.1.1", &[(&X_FORWARDED_FOR, line)])
    }

    #[test]
    fn nobody_else_is_believed() {
        assert_eq!(client("192.0.2.9", &[(&X_FORWARDED_FOR, "203.0.113.7")]), "192.0.2.9");
        assert_eq!(client("192.0.2.9", &[(&FORWARDED, "for=203.0.113.7")]), "192.0.2.9");
        assert_eq!(x_forwarded("198.51.100.1, 203.0.113.7"), "203.0.113.7");
        assert_eq!(x_forwarded("198.51.100.1, 203.0.113.7, 10.9.9.9, ::1"), "203.0.113.7");
        assert_eq!(client("::ffff:127.0.0.1", &[(&X_FORWARDED_FOR, "::ffff:203.0.113.7")]), "203.0.113.7");
    }

    #[test]
    fn an_address_is_read_in_every_spelling() {
        for (line, address) in [
            ("203.0.113.1:41", "203.0.113.1"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:DB8::1", "2001:db8::1"),
            ("\"203.0.113.1\"", "203.0.113.1"),
            ("203.0.113.1,", "203.0.113.1"),
        ] {
            assert_eq!(x_forwarded(line), address, "{line}");
        }
        for (line, address) in [
            ("for=203.0.113.1", "203.0.113.1"),
            ("For=\"203.0.113.1:41\";proto=https", "203.0.113.1"),
            ("proto=https; for=\"[2001:db8::1]:443\" ;by=10.0.0.3", "2001:db8::1"),
            ("for=198.51.100.1, for=203.0.113.1;host=\"a, for=192.0.2.1;b\"", "203.0.113.1"),
            ("for=\", for=203.0.113.1", "203.0.113.1"),
            ("for=\"\\\", for=203.0.113.1", "203.0.113.1"),
        ] {
            assert_eq!(forwarded(line), address, "{line}");
        }
    }

    #[test]
    fn lines_are_one_list() {
        let lines = [(&X_FORWARDED_FOR, "198.51.100.1"), (&X_FORWARDED_FOR, "203.0.113.7, 10.2.2.2")];
        assert_eq!(client("127.0.0.1", &lines), "203.0.113.7");
        let both = [(&X_FORWARDED_FOR, "203.0.113.7"), (&FORWARDED, "for=198.51.100.1")];
        assert_eq!(client("127.0.0.1", &both), "203.0.113.7");
    }

    #[test]
    fn what_cannot_be_read_ends_the_walk() {
        for wrong in ["unknown", "203.0.113.7:99999", "203.0.113.7:", "[203.0.113.7]", "[2001:db8::1", "1.2.3", "a.vn"]
        {
            assert_eq!(x_forwarded(wrong), "10.1.1.1", "{wrong}");
            assert_eq!(x_forwarded(&format!("203.0.113.7, {wrong}, 10.2.2.2")), "10.2.2.2", "{wrong}");
        }
        for wrong in ["for=_hidden", "for=unknown", "proto=https", "for=203.0.113.7;for=203.0.113.8", "203.0.113.7"] {
            assert_eq!(forwarded(wrong), "10.1.1.1", "{wrong}");
        }
        let mut headers = HeaderMap::new();
        headers.append(X_FORWARDED_FOR, HeaderValue::from_static("203.0.113.7"));
        headers.append(X_FORWARDED_FOR, HeaderValue::from_bytes(b"\xff").unwrap());
        let peer = ClientAddress::new("10.1.1.1".parse().unwrap());
        assert_eq!(proxies().client(peer, &headers), peer);
    }

    #[test]
    fn a_setting_is_read_or_says_what_is_wrong() {
        assert_eq!(TrustedProxies::DEFAULT.parse::<TrustedProxies>().unwrap().to_string(), TrustedProxies::DEFAULT);
        assert_eq!("".parse::<TrustedProxies>().unwrap(), TrustedProxies::none());
        assert_eq!("::ffff:10.0.0.0/104".parse::<TrustedProxies>().unwrap().to_string(), "10.0.0.0/8");
        for wrong in ["proxy.lan", "10.0.0.0/33", "10.0.0.0/8;::1", "*"] {
            assert!(wrong.parse::<TrustedProxies>().unwrap_err().contains("neither"), "{wrong}");
        }
    }

    #[test]
    fn a_visitor_and_a_network_are_parts_of_an_address() {
        let parts = |address: &str| {
            let client = ClientAddress::new(address.parse().unwrap());
            (client.visitor().to_string(), client.network().to_string())
        };
        let expected = |visitor: &str, network: &str| (visitor.to_owned(), network.to_owned());
        assert_eq!(parts("::ffff:203.0.113.7"), expected("203.0.113.7/32", "203.0.113.0/24"));
        assert_eq!(parts("2001:db8:1:2:3::4"), expected("2001:db8:1:2::/64", "2001:db8:1::/48"));
    }

    fn spelled(address: IpAddr, spelling: u8) -> String {
        match (address, spelling % 3) {
            (IpAddr::V4(address), 0) => format!("{address}:41"),
            (IpAddr::V4(address), 1) => format!("\"{address}\""),
            (IpAddr::V6(address), 0) => format!("\"[{address}]:443\""),
            (IpAddr::V6(address), 1) => format!("[{address}]"),
            _ => address.to_string(),
        }
    }

    proptest! {
        /// Whatever a client writes, behind trusted proxies it is who it is, in either header and however its lines are cut.
        #[test]
        fn no_claim_changes_who_a_client_is(
            claim in "[ -~]{0,40}",
            address in any::<IpAddr>(),
            proxies_before in prop::collection::vec(any::<[u8; 3]>(), 0..4),
            spelling in any::<u8>(),
            is_one_line in any::<bool>(),
        ) {
            let client = ClientAddress::new(address);
            prop_assume!(!proxies().trusts(client));
            let hops = std::iter::once(client.address())
                .chain(proxies_before.iter().map(|[a, b, c]| IpAddr::from([10, *a, *b, *c])));
            let hops: Vec<String> = hops.map(|hop| spelled(hop, spelling)).collect();
            for (name, prefix) in [(X_FORWARDED_FOR, ""), (FORWARDED, "proto=https;for=")] {
                let added: Vec<String> = hops.iter().map(|hop| match (prefix, hop.starts_with('"')) {
                    ("", _) | (_, true) => format!("{prefix}{hop}"),
                    _ => format!("{prefix}\"{hop}\""),
                }).collect();
                let mut headers = HeaderMap::new();
                if is_one_line {
                    let line = format!("{claim}, {}", added.join(","));
                    headers.append(name, HeaderValue::from_str(&line).unwrap());
                } else {
                    for line in std::iter::once(&claim).chain(&added) {
                        headers.append(name.clone(), HeaderValue::from_str(line).unwrap());
                    }
                }
                let peer = ClientAddress::new(IpAddr::from([127, 0, 0, 1]));
                prop_assert_eq!(proxies().client(peer, &headers), client, "{:?}", headers);
                let stranger = ClientAddress::new(IpAddr::from([192, 0, 2, 9]));
                prop_assert_eq!(proxies().client(stranger, &headers), stranger);
            }
        }
    }
}
