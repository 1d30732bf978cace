//! Commands and queries on files.

use app::App;
use base::{Actor, ConversationId, Error, FileId, MessageId, Permission, Result, UserId};
use bytes::Bytes;
use chrono::Datelike;
use db::{Fetch, Row, Tx, places};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use uuid::Uuid;

use super::entity::{ActiveModel, Column, Entity, Media, Model};
use crate::conversation;

/// The address of a file's bytes, on this server.
pub fn url(id: FileId, name: &str) -> String {
    let mut safe = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_' => safe.push(char::from(byte)),
            _ => safe.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("/files/{id}/{safe}")
}

/// Stores an upload. It belongs to its uploader until a message takes it.
pub(super) async fn upload(app: &App, actor: &Actor, name: &str, content_type: &str, bytes: Bytes) -> Result<Model> {
    let id = FileId(app.new_id());
    let now = app.now();
    let storage_key = format!("uploads/{}/{:02}/{}", now.year(), now.month(), id);
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    app.files.put(&storage_key, bytes).await?;
    let tx = app.write().await?;
    let row = ActiveModel {
        id: Set(id),
        storage_key: Set(storage_key),
        name: Set(clean_name(name)),
        content_type: Set(content_type.to_owned()),
        size: Set(size),
        content_id: Set(None),
        inline: Set(false),
        message_id: Set(None),
        conversation_id: Set(None),
        uploaded_by: Set(actor.user_id()),
        media: Set(None),
        duration_ms: Set(None),
        created_at: Set(tx.now()),
    };
    let row = Entity::insert(row).exec_with_returning(&tx).await?;
    tx.commit().await?;
    Ok(row)
}

/// The same file once more, as an upload of the actor's that waits for its message. The bytes are shared.
pub(crate) async fn copy_for(tx: &Tx, actor: &Actor, old: &Model) -> Result<FileId> {
    let id = FileId(tx.new_id());
    let row = ActiveModel {
        id: Set(id),
        storage_key: Set(old.storage_key.clone()),
        name: Set(old.name.clone()),
        content_type: Set(old.content_type.clone()),
        size: Set(old.size),
        content_id: Set(None),
        inline: Set(false),
        message_id: Set(None),
        conversation_id: Set(None),
        uploaded_by: Set(actor.user_id()),
        media: Set(old.media),
        duration_ms: Set(old.duration_ms),
        created_at: Set(tx.now()),
    };
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(id)
}

/// The last part of a path, without control characters, at most 200 characters.
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if clean.trim().is_empty() { "file".to_owned() } else { clean }
}

/// A file the actor may read.
pub(super) async fn find(connection: &impl ConnectionTrait, actor: &Actor, id: FileId) -> Result<Model> {
    let file = Entity::find_by_id(id).one(connection).await?.ok_or(Error::NotFound("file"))?;
    match file.conversation_id {
        Some(conversation_id) if actor.has(Permission::ConversationsView) => {
            conversation::find(connection, actor, conversation_id).await.map_err(|_| Error::NotFound("file"))?;
            Ok(file)
        }
        None if file.uploaded_by.is_some() && file.uploaded_by == actor.user_id() => Ok(file),
        _ => Err(Error::NotFound("file")),
    }
}

/// The files of some messages, in order of upload.
pub async fn of_messages(connection: &impl Fetch, ids: &[MessageId]) -> Result<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!(
        "select id, storage_key, name, content_type, size, content_id, inline, message_id, conversation_id, uploaded_by, created_at, media, duration_ms \
         from file where message_id in ({}) order by id",
        places(1, ids.len())
    );
    connection.fetch(sql, ids.iter().map(|id| id.0.into()).collect(), read).await
}

fn read(row: &Row<'_>) -> Result<Model> {
    Ok(Model {
        id: FileId(row.get(0)?),
        storage_key: row.get(1)?,
        name: row.get(2)?,
        content_type: row.get(3)?,
        size: row.get(4)?,
        content_id: row.get(5)?,
        inline: row.get(6)?,
        message_id: row.get::<Option<Uuid>>(7)?.map(MessageId),
        conversation_id: row.get::<Option<Uuid>>(8)?.map(ConversationId),
        uploaded_by: row.get::<Option<Uuid>>(9)?.map(UserId),
        created_at: row.get(10)?,
        media: row.get::<Option<String>>(11)?.as_deref().and_then(Media::parse),
        duration_ms: row.get(12)?,
    })
}

/// Those of these files that this person uploaded and nobody has sent.
pub(crate) async fn uploaded_by(
    connection: &impl ConnectionTrait,
    user_id: UserId,
    ids: &[FileId],
) -> Result<Vec<Model>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let own = Entity::find()
        .filter(Column::Id.is_in(ids.iter().copied()))
        .filter(Column::UploadedBy.eq(user_id))
        .filter(Column::MessageId.is_null());
    Ok(own.order_by_asc(Column::Id).all(connection).await?)
}

/// The uploads a new message is to take: all of them the actor's own and not sent yet, or an error that names the one that is not.
pub(crate) async fn claimable(tx: &Tx, actor: &Actor, ids: &[FileId]) -> Result<Vec<Model>> {
    let user_id = actor.user_id().ok_or(Error::Unauthenticated)?;
    let files = uploaded_by(tx, user_id, ids).await?;
    if let Some(index) = ids.iter().position(|id| !files.iter().any(|file| file.id == *id)) {
        let words =
            base::Words::new("Файл не найден, приложите его ещё раз", "This file was not found, attach it again");
        return Err(Error::Invalid(vec![base::FieldError {
            field: format!("attachment_ids[{index}]"),
            code: "not_found",
            words,
        }]));
    }
    Ok(files)
}

/// Sanitises HTML from the editor. Its images may be these files of ours, which the sanitiser knows only as `cid:`.
pub fn clean_html(html: &str, files: &[Model]) -> String {
    let with_ids = files.iter().fold(html.to_owned(), |html, file| {
        let (address, cid) = (url(file.id, &file.name), format!("cid:{}", file.id));
        html.replace(&format!("{address}?inline=1"), &cid).replace(&address, &cid)
    });
    mail::html::replace_cids(&mail::html::sanitize(&with_ids), |cid| {
        files.iter().find(|file| file.id.to_string() == cid).map(|file| url(file.id, &file.name))
    })
}

/// Whether the text shows this file itself.
pub(crate) fn is_inside(file: &Model, html: &str) -> bool {
    html.contains(&format!("/files/{}/", file.id))
}

/// Gives uploads to a message; those its HTML shows become inline.
pub(crate) async fn attach(
    tx: &Tx,
    files: &[Model],
    conversation_id: ConversationId,
    message_id: MessageId,
    html: &str,
) -> Result<()> {
    for file in files {
        Entity::update_many()
            .filter(Column::Id.eq(file.id))
            .col_expr(Column::MessageId, Expr::value(message_id))
            .col_expr(Column::ConversationId, Expr::value(conversation_id))
            .col_expr(Column::Inline, Expr::value(is_inside(file, html)))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Gives a message's files back to whoever uploaded them.
pub(crate) async fn release(tx: &Tx, message_id: MessageId) -> Result<()> {
    Entity::update_many()
        .filter(Column::MessageId.eq(message_id))
        .col_expr(Column::MessageId, Expr::value(None::<MessageId>))
        .col_expr(Column::ConversationId, Expr::value(None::<ConversationId>))
        .exec(tx)
        .await?;
    Ok(())
}

/// The message moved to another conversation, and its files with it.
pub(crate) async fn move_to(tx: &Tx, message_id: MessageId, conversation_id: ConversationId) -> Result<()> {
    let own = Entity::update_many().filter(Column::MessageId.eq(message_id));
    own.col_expr(Column::ConversationId, Expr::value(conversation_id)).exec(tx).await?;
    Ok(())
}
