//! E-mail addresses: one form for one mailbox, without guessing.
//!
//! Plus parts and dots stay: only the receiving server knows whether they matter. Sources: RFC 5321 (lengths),
//! RFC 6531 (non-ASCII local parts), UTS 46 (domain names).

/// The form under which an address is kept and compared, or `None` if it cannot be an address.
///
/// Trimmed, out of its angle brackets, lower case, the domain in Unicode ("пример.рф" also for "xn--e1afmkfd.xn--p1ai").
/// A domain of a single label is accepted, as mail servers inside a company have such names.
pub fn normalize(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text).trim();
    if text.len() > 320 {
        return None;
    }
    let (local, domain) = text.rsplit_once('@')?;
    if !is_local_part(local) {
        return None;
    }
    let local: String = local.chars().flat_map(char::to_lowercase).collect();
    let domain = normalize_domain(domain)?;
    (local.len() <= 64 && domain.len() <= 255).then(|| format!("{local}@{domain}"))
}

/// The part after the `@` of a normalised address.
pub fn domain(address: &str) -> Option<&str> {
    address.rsplit_once('@').map(|(_, domain)| domain)
}

fn is_local_part(local: &str) -> bool {
    let allowed = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => true,
        '!' | '#' | '$' | '%' | '&' | '\'' | '*' | '+' | '-' | '/' | '=' | '?' | '^' | '_' | '`' | '{' | '|' | '}'
        | '~' | '.' => true,
        _ => !c.is_ascii() && (c.is_alphanumeric() || crate::fold::is_combining(c)),
    };
    // Dots in odd places are against the standard but exist (Japanese carriers), and mail from there must not be lost.
    !local.is_empty() && local.len() <= 64 && local.chars().all(allowed) && local.chars().any(|c| c != '.')
}

fn normalize_domain(domain: &str) -> Option<String> {
    if let Some(literal) = domain.strip_prefix('[').and_then(|domain| domain.strip_suffix(']')) {
        let literal = literal.to_ascii_lowercase();
        let address = literal.strip_prefix("ipv6:").unwrap_or(&literal);
        return address.parse::<std::net::IpAddr>().ok().map(|_| format!("[{literal}]"));
    }
    let domain = domain.strip_suffix('.').unwrap_or(domain);
    if domain.is_empty() || domain.len() > 253 {
        return None;
    }
    let ascii = if domain.is_ascii() { domain.to_ascii_lowercase() } else { idna::domain_to_ascii(domain).ok()? };
    ascii.split('.').all(is_label).then(|| match idna::domain_to_unicode(&ascii) {
        (unicode, Ok(())) => unicode,
        // An underscore, for instance: wrong for a web site, in use for mail.
        (_, Err(_)) => ascii.clone(),
    })
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
