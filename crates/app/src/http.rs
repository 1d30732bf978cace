//! The one client for requests to other servers: vendors' interfaces, integrators' addresses, files by their address.
//!
//! Invariant: unless the configuration allows it, no request reaches a private address, whatever a name resolves to and
//! wherever a redirect leads: who may set an address must not be able to look into the server's own network.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use base::{Error, Result};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::Config;

#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    private_allowed: bool,
}

const MOST_REDIRECTS: usize = 5;

impl Http {
    pub(crate) fn new(config: &Config) -> Result<Self> {
        let private_allowed = config.allow_private_addresses;
        let policy = Policy::custom(move |attempt| {
            if attempt.previous().len() > MOST_REDIRECTS {
                return attempt.error("too many redirects");
            }
            if !private_allowed && literal(attempt.url()).is_some_and(is_private) {
                return attempt.error("a redirect to a private address");
            }
            attempt.follow()
        });
        let client = reqwest::Client::builder()
            .user_agent(concat!("Otklik/", env!("CARGO_PKG_VERSION")))
            .tls_backend_preconfigured(tls(config)?)
            .dns_resolver(Arc::new(Guard { private_allowed }))
            .redirect(policy)
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(60))
            .pool_idle_timeout(Duration::from_secs(60))
            .build()
            .map_err(Error::internal)?;
        Ok(Http { client, private_allowed })
    }

    /// Follows at most five redirects; a request may take 60 seconds unless it says otherwise.
    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Whether a request to this address may be made. Names are checked again when they are resolved.
    pub fn allows(&self, url: &str) -> bool {
        let Ok(url) = reqwest::Url::parse(url) else { return false };
        matches!(url.scheme(), "http" | "https") && (self.private_allowed || !literal(&url).is_some_and(is_private))
    }
}

fn tls(config: &Config) -> Result<rustls::ClientConfig> {
    let mut roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = &config.extra_ca {
        let broken = |error: &dyn std::fmt::Display| Error::internal(format!("extra_ca {}: {error}", path.display()));
        for certificate in CertificateDer::pem_file_iter(path).map_err(|error| broken(&error))? {
            roots.add(certificate.map_err(|error| broken(&error))?).map_err(|error| broken(&error))?;
        }
    }
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

/// The address in a URL that names no host but an address.
fn literal(url: &reqwest::Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Addresses that are not on the public internet (RFC 6890).
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_unspecified()
                || v4.is_multicast()
                || a == 0
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (18..20).contains(&b))
                || a >= 240
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped().or_else(|| embedded(v6)) {
            Some(v4) => is_private(IpAddr::V4(v4)),
            None => {
                v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_multicast()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local()
            }
        },
    }
}

/// The IPv4 address inside a NAT64 (RFC 6052) or 6to4 (RFC 3056) address.
fn embedded(v6: Ipv6Addr) -> Option<std::net::Ipv4Addr> {
    let [a, b, c, ..] = v6.segments();
    let bytes = v6.octets();
    match (a, b) {
        (0x64, 0xff9b) => Some([bytes[12], bytes[13], bytes[14], bytes[15]].into()),
        (0x2002, _) => Some([(b >> 8) as u8, b as u8, (c >> 8) as u8, c as u8].into()),
        _ => None,
    }
}

/// Resolves names, and knows no private addresses.
struct Guard {
    private_allowed: bool,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let private_allowed = self.private_allowed;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| private_allowed || !is_private(address.ip())).collect();
            if allowed.is_empty() {
                return Err(format!("{} has no public address", name.as_str()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_writing() {
        let private = [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.16.9.9",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
        ];
        for address in private {
            assert!(is_private(address.parse().unwrap()), "{address}");
        }
        for address in ["8.8.8.8", "77.88.8.8", "2a02:6b8::feed:ff", "100.128.0.1"] {
            assert!(!is_private(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn a_written_address_is_checked_before_the_request() {
        let http = |allow| Http::new(&Config { allow_private_addresses: allow, ..Config::default() }).unwrap();
        assert!(!http(false).allows("http://127.0.0.1:8080/x"));
        assert!(!http(false).allows("http://[::1]/x"));
        assert!(!http(false).allows("file:///etc/passwd"));
        assert!(http(false).allows("https://api.telegram.org/bot"));
        assert!(http(true).allows("http://127.0.0.1:8080/x"));
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_refused() {
        let client = Http::new(&Config::default()).unwrap();
        let error = client.client().get("http://localhost:9/").send().await.unwrap_err();
        assert!(format!("{error:?}").contains("no public address"), "{error:?}");
    }
}
