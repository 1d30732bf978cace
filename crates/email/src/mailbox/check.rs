//! "Test connection": tries both sides of a mailbox and says in plain words what is wrong.

use app::App;
use base::Language;
use serde::Serialize;

use super::Model;
use super::access::{Access, access, imap_server, smtp_server};
use crate::net::{Step, Tls, Trouble, imap, smtp};

/// What a connection test found.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ConnectionTest {
    pub ok: bool,
    pub imap: Check,
    pub smtp: Check,
}

/// One side of it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Check {
    pub ok: bool,
    /// Where it stopped.
    pub step: Option<Step>,
    /// What is wrong and what to do, in the reader's language.
    pub message: String,
    /// What the server or the network really said.
    pub technical: Option<String>,
}

/// Signs in to both servers, opens the folder, and asks whether mail may leave from the address. Sends nothing.
pub(super) async fn test(app: &App, tls: &Tls, row: &Model, language: Language) -> ConnectionTest {
    let (imap, smtp) = match access(app, tls, row).await {
        Ok(access) => tokio::join!(test_imap(tls, row, &access), test_smtp(tls, row, &access)),
        Err(trouble) => (Err(trouble.clone()), Err(trouble)),
    };
    let imap = imap.map(|count| match language {
        Language::Ru => format!("Почта принимается. Писем в папке: {count}."),
        Language::En => format!("Mail can be received. Messages in the folder: {count}."),
    });
    let smtp = smtp.map(|()| match language {
        Language::Ru => "Письма можно отправлять.".to_owned(),
        Language::En => "Mail can be sent.".to_owned(),
    });
    let (imap, smtp) = (check(imap, language), check(smtp, language));
    ConnectionTest { ok: imap.ok && smtp.ok, imap, smtp }
}

async fn test_imap(tls: &Tls, row: &Model, access: &Access) -> Result<u32, Trouble> {
    let mut connection = imap::sign_in(&imap_server(row), tls, &access.imap, &access.hint).await?;
    let folder = connection.open_folder(&row.imap_folder).await?;
    connection.leave().await;
    Ok(folder.exists)
}

async fn test_smtp(tls: &Tls, row: &Model, access: &Access) -> Result<(), Trouble> {
    let own_name = crate::send::own_name(&row.address);
    let mut connection = smtp::sign_in(&smtp_server(row), tls, &access.smtp, &access.hint, &own_name).await?;
    connection.would_send(&row.address).await?;
    connection.leave().await;
    Ok(())
}

fn check(result: Result<String, Trouble>, language: Language) -> Check {
    match result {
        Ok(message) => Check { ok: true, step: None, message, technical: None },
        Err(trouble) => Check {
            ok: false,
            step: Some(trouble.step),
            message: trouble.words.get(language).to_owned(),
            technical: Some(trouble.technical),
        },
    }
}
