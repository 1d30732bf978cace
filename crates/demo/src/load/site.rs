//! The chat of the made-up tea shop, in which visitors can be played.

use base::{ChannelId, LineId, Result};
use db::Tx;
use desk::channel::{Entity, Kind, Model, State};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;

/// Every setting is named: a row written here has not gone through the form that would fill in what is usual.
pub(super) async fn chat(tx: &Tx, line_id: LineId, public_url: &str) -> Result<()> {
    let privacy = format!("{public_url}/demo-shop/contacts#privacy");
    let settings = json!({
        "title": "Северный чай",
        "greeting": "Здравствуйте! Поможем выбрать чай, подскажем про доставку и опт.",
        "logo_url": format!("{public_url}/demo-shop/leaf.svg"),
        "color": "#2F6F4F",
        "corner": "right",
        "offsets": {"desktop": {"x": 24, "y": 24}, "mobile": {"x": 16, "y": 16}},
        "mobile_full_screen": true,
        "locale": "auto",
        "texts": {},
        "fields": [
            {"name": "name", "label": "Как к вам обращаться", "required": true},
            {"name": "email", "label": "Эл. почта", "required": false},
        ],
        "consent": {"text": "Согласен на обработку персональных данных", "url": privacy},
        "auto_open": {
            "mode": "every",
            "rules": [{"kind": "url_contains", "value": "/shop/price"}, {"kind": "page_seconds", "value": 5}],
            "action": "message",
            "message": "Считаете чай для кафе? Напишите, сколько вам нужно в месяц, и мы подберём цену.",
        },
        "chooser": [],
        "hours": "line",
        "offline_mode": "form",
        "offline_text": "Сейчас мы не на связи. Оставьте сообщение и почту, и мы ответим письмом.",
        "mail_unseen": true,
        "mail_after_minutes": 5,
        "left_after_seconds": 60,
        "allowed_origins": [],
        "edit_minutes": 15,
        "ask_rating": true,
        "sound": true,
        "max_file_mb": 20,
    });
    let now = tx.now();
    let row = Model {
        id: ChannelId(tx.new_id()),
        line_id,
        group_id: None,
        kind: Kind::Chat,
        name: "Сайт «Северный чай»".to_owned(),
        account_key: Some(crate::SITE_KEY.to_owned()),
        account_name: "Северный чай".to_owned(),
        settings,
        secrets: String::new(),
        enabled: true,
        state: State::Active,
        state_reason: None,
        state_since: now,
        failures: 0,
        next_try_at: None,
        last_inbound_at: None,
        last_check_at: None,
        position: None,
        gap_since: None,
        hook_key: crate::SITE_KEY.to_owned(),
        revision: 1,
        lease_owner: None,
        lease_until: None,
        deleted_at: None,
        created_at: now,
    };
    Entity::insert(row.into_active_model()).exec_without_returning(tx).await?;
    Ok(())
}
