//! Whose word is taken for where a request comes from. Anybody can send `X-Forwarded-For`: only the
//! proxies that are named in `ANALYTICS_TRUSTED_PROXIES` are believed.

use std::{fmt, net::IpAddr, str::FromStr};

use axum::http::HeaderMap;

/// A network, or one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

impl Network {
    fn contains(&self, other: IpAddr) -> bool {
        match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let shift = u32::from(32 - self.bits);
                let cut = |bits: u32| bits.checked_shr(shift).unwrap_or(0);
                cut(own.to_bits()) == cut(other.to_bits())
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let shift = u32::from(128 - self.bits);
                let cut = |bits: u128| bits.checked_shr(shift).unwrap_or(0);
                cut(own.to_bits()) == cut(other.to_bits())
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is neither an address nor a network such as 10.0.0.0/8");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.parse().ok().filter(|bits| *bits <= most),
            None => Some(most),
        };
        let bits = bits.ok_or_else(wrong)?;
        Ok(Self { address, bits })
    }
}

/// The proxies that are believed; usually none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

impl FromStr for TrustedProxies {
    type Err = String;

    /// Addresses and networks, with commas or spaces between them.
    fn from_str(text: &str) -> Result<Self, String> {
        text.split([',', ' '])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

impl fmt::Display for TrustedProxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, network) in self.0.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{}/{}", network.address, network.bits)?;
        }
        Ok(())
    }
}

impl TrustedProxies {
    /// Whether nobody is believed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(address))
    }

    /// Where a request really comes from that `peer` sent: the last address that a trusted proxy
    /// heard it from. What a client wrote into the header itself stands before that and is not read.
    pub(crate) fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trusts(peer) {
            return peer;
        }
        let (forwarded_for, forwarded) = (forwarded_for(headers), forwarded(headers));
        let hops = match (&forwarded_for, &forwarded) {
            (Some(hops), None) | (None, Some(hops)) => hops,
            // A proxy writes one of the two; who wrote the other nobody knows.
            (Some(one), Some(other)) if one == other => one,
            _ => return peer,
        };
        let mut client = peer;
        for hop in hops.iter().rev() {
            // An address that is hidden or none: whoever told of it is as far as one can see.
            let Some(address) = hop else { break };
            client = *address;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }
}

type Hops = Vec<Option<IpAddr>>;

fn forwarded_for(headers: &HeaderMap) -> Option<Hops> {
    hops(headers, "x-forwarded-for", |part| address(part.trim()))
}

/// `Forwarded: for=192.0.2.60;proto=https, for="[2001:db8::1]:4711"` (RFC 7239)
fn forwarded(headers: &HeaderMap) -> Option<Hops> {
    hops(headers, "forwarded", |part| {
        let pairs = part.split(';').filter_map(|pair| pair.split_once('='));
        let mut named = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for"));
        address(named.next()?.1.trim().trim_matches('"'))
    })
}

fn hops(headers: &HeaderMap, name: &str, read: impl Fn(&str) -> Option<IpAddr>) -> Option<Hops> {
    let mut hops = Vec::new();
    for value in headers.get_all(name) {
        // A value that is no text hides what stands before it.
        let text = value.to_str().unwrap_or("?");
        hops.extend(text.split(',').map(&read));
    }
    (!hops.is_empty()).then_some(hops)
}

/// An address, with or without brackets and port.
fn address(text: &str) -> Option<IpAddr> {
    let plain = text.trim_start_matches('[');
    let address = match plain.split_once(']') {
        Some((address, _)) => address.parse(),
        None => text
            .parse::<std::net::SocketAddr>()
            .map(|socket| socket.ip())
            .or_else(|_| text.parse()),
    };
    address.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn ip(text: &str) -> IpAddr {
        text.parse()
            .unwrap_or(IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED))
    }

    fn client(trusted: &str, peer: &str, headers: &[(&'static str, &'static str)]) -> IpAddr {
        let proxies: TrustedProxies = trusted.parse().unwrap_or_default();
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, HeaderValue::from_static(value));
        }
        proxies.client(ip(peer), &map)
    }

    #[test]
    fn nobody_is_believed_unless_named() {
        let told = [("x-forwarded-for", "198.51.100.7")];
        assert_eq!(client("", "10.0.0.1", &told), ip("10.0.0.1"));
        assert_eq!(client("10.0.0.2", "10.0.0.1", &told), ip("10.0.0.1"));
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &told), ip("198.51.100.7"));
    }

    #[test]
    fn what_the_client_made_up_before_the_proxy_is_not_read() {
        let told = [("x-forwarded-for", "127.0.0.1, 198.51.100.7, 10.0.0.9")];
        assert_eq!(client("10.0.0.0/8", "10.0.0.1", &told), ip("198.51.100.7"));
        let lines = [
            ("x-forwarded-for", "127.0.0.1"),
            ("x-forwarded-for", "198.51.100.7"),
        ];
        assert_eq!(client("10.0.0.1", "10.0.0.1", &lines), ip("198.51.100.7"));
        let nonsense = [("x-forwarded-for", "198.51.100.7, unknown")];
        assert_eq!(client("10.0.0.1", "10.0.0.1", &nonsense), ip("10.0.0.1"));
    }

    #[test]
    fn the_standard_header_is_read_too_and_a_disagreement_believes_neither() {
        let standard = [(
            "forwarded",
            "for=192.0.2.60;proto=https, For=\"[2001:db8::1]:4711\"",
        )];
        assert_eq!(client("::1", "::1", &standard), ip("2001:db8::1"));
        let both = [
            ("forwarded", "for=192.0.2.60"),
            ("x-forwarded-for", "192.0.2.61"),
        ];
        assert_eq!(client("10.0.0.1", "10.0.0.1", &both), ip("10.0.0.1"));
        let agreed = [
            ("forwarded", "for=192.0.2.60"),
            ("x-forwarded-for", "192.0.2.60"),
        ];
        assert_eq!(client("10.0.0.1", "10.0.0.1", &agreed), ip("192.0.2.60"));
    }

    #[test]
    fn an_address_is_the_same_whatever_its_family() {
        let told = [("x-forwarded-for", "::ffff:198.51.100.7")];
        assert_eq!(
            client("10.0.0.1", "::ffff:10.0.0.1", &told),
            ip("198.51.100.7")
        );
    }

    #[test]
    fn what_is_no_network_is_named() {
        for bad in ["10.0.0.0/33", "proxy", "::/129", "10.0.0.1/", "10.0.0/8"] {
            let error = bad.parse::<TrustedProxies>().err();
            assert!(error.is_some_and(|error| error.contains(bad)), "{bad}");
        }
        let all: Result<TrustedProxies, _> = "10.0.0.1, ::/0 0.0.0.0/0".parse();
        assert_eq!(
            all.map(|all| all.to_string()).as_deref(),
            Ok("10.0.0.1/32, ::/0, 0.0.0.0/0")
        );
    }
}
