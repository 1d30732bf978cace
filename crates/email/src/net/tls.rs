//! Whom we trust: the public authorities, and those of the configured PEM file.

use std::path::Path;
use std::sync::Arc;

use base::{Error, Result};
use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use super::{Io, Step, Stream, Trouble};

/// The trust settings of this node, read once.
#[derive(Clone)]
pub(crate) struct Tls {
    connector: TlsConnector,
    extra: Vec<CertificateDer<'static>>,
}

impl Tls {
    pub fn load(extra_ca: Option<&Path>) -> Result<Self> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let mut extra = Vec::new();
        if let Some(path) = extra_ca {
            let broken =
                |error: &dyn std::fmt::Display| Error::internal(format!("extra_ca {}: {error}", path.display()));
            for certificate in CertificateDer::pem_file_iter(path).map_err(|error| broken(&error))? {
                let certificate = certificate.map_err(|error| broken(&error))?;
                roots.add(certificate.clone()).map_err(|error| broken(&error))?;
                extra.push(certificate);
            }
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(Error::internal)?;
        let config = config.with_root_certificates(roots).with_no_client_auth();
        Ok(Tls { connector: TlsConnector::from(Arc::new(config)), extra })
    }

    /// Encrypts a connection and checks that the server is who it says.
    pub async fn wrap(&self, host: &str, stream: Stream) -> Result<Stream, Trouble> {
        let name = ServerName::try_from(host.to_owned()).map_err(|error| Trouble::resolve(host, error))?;
        let stream = self.connector.connect(name, stream).await.map_err(|error| trouble(host, &error))?;
        Ok(Box::new(stream) as Box<dyn Io>)
    }

    /// The same trust for the SMTP library, which does STARTTLS itself.
    pub fn for_smtp(&self, host: &str) -> Result<TlsParameters, Trouble> {
        let build = || {
            let mut builder = TlsParameters::builder(host.to_owned()).certificate_store(CertificateStore::WebpkiRoots);
            for certificate in &self.extra {
                builder = builder.add_root_certificate(Certificate::from_der(certificate.to_vec())?);
            }
            builder.build_rustls()
        };
        build().map_err(|error: lettre::transport::smtp::Error| refused(host, &error.to_string()))
    }
}

/// Says what is wrong with the server's certificate, or that it does not speak TLS here.
fn trouble(host: &str, error: &std::io::Error) -> Trouble {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let (ru, en) = match inner {
        Some(rustls::Error::InvalidCertificate(problem)) => return certificate(host, problem),
        Some(rustls::Error::InvalidMessage(_)) => (
            format!("Сервер «{host}» не шифрует на этом порту с первого байта. Выберите STARTTLS или другой порт."),
            format!(
                "The server “{host}” does not encrypt from the first byte on this port. Choose STARTTLS or another port."
            ),
        ),
        _ => return refused(host, &error.to_string()),
    };
    Trouble::new(Step::Tls, ru, en, error)
}

/// A failure that only a text describes (the SMTP library's).
pub(super) fn refused(host: &str, technical: &str) -> Trouble {
    let lower = technical.to_lowercase();
    if lower.contains("notvalidforname") || lower.contains("not valid for name") {
        return certificate(host, &CertificateError::NotValidForName);
    }
    if lower.contains("unknownissuer") || lower.contains("unknown issuer") {
        return certificate(host, &CertificateError::UnknownIssuer);
    }
    if lower.contains("expired") {
        return certificate(host, &CertificateError::Expired);
    }
    Trouble::new(
        Step::Tls,
        format!("Не удалось установить защищённое соединение с «{host}». Проверьте порт и вид защиты."),
        format!("Could not establish an encrypted connection to “{host}”. Check the port and the kind of protection."),
        technical,
    )
}

fn certificate(host: &str, problem: &CertificateError) -> Trouble {
    let (ru, en) = match problem {
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            format!(
                "Сертификат сервера выдан на другое имя, не на «{host}». Укажите имя сервера так, как его называет провайдер."
            ),
            format!(
                "The server's certificate belongs to another name, not to “{host}”. Enter the server name as the provider spells it."
            ),
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            format!("Срок действия сертификата сервера «{host}» истёк. Его должен обновить тот, кто держит сервер."),
            format!("The certificate of “{host}” has expired. Whoever runs the server has to renew it."),
        ),
        CertificateError::UnknownIssuer => (
            format!(
                "Сертификат сервера «{host}» подписан неизвестным центром. Если это внутренний центр вашей компании, добавьте его файл в настройку extra_ca."
            ),
            format!(
                "The certificate of “{host}” is signed by an unknown authority. If it is your company's own, add its file to the setting extra_ca."
            ),
        ),
        _ => (
            format!("Сертификат сервера «{host}» не прошёл проверку."),
            format!("The certificate of “{host}” did not pass the check."),
        ),
    };
    Trouble::new(Step::Tls, ru, en, format!("{problem:?}"))
}
