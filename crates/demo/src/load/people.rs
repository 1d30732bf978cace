//! Staff, groups and lines through the product's own commands; companies and clients in bulk.

use app::App;
use base::{Actor, CompanyId, ContactId, Error, GroupId, IdentityId, Language, LineId, Result, Timestamp, UserId};
use chrono::Duration;
use db::bulk;
use desk::contact::{self, company, identity};
use desk::people::{Address, color_of};
use desk::{conversation, group, line, role, setting, user};
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

use super::Options;
use super::files::Sample;
use super::rows::Rows;
use crate::rng::Rng;
use crate::{Operator, World};

/// Where the parts of the world are in the database.
#[derive(Debug, Default)]
pub(super) struct Places {
    pub(super) lines: Vec<(LineId, Address)>,
    pub(super) operators: Vec<(UserId, String)>,
    pub(super) groups: Vec<GroupId>,
    pub(super) clients: Vec<Place>,
    pub(super) files: Vec<Sample>,
    pub(super) first_number: i64,
    pub(super) first_ticket: i64,
}

/// A client in the database.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) contact_id: ContactId,
    pub(super) identity_id: IdentityId,
    pub(super) address: Address,
}

pub(super) const TIME_ZONE: &str = "Asia/Yekaterinburg";

/// A world does not mix with real data.
pub(super) async fn check_empty(app: &App) -> Result<()> {
    let staff = user::Entity::find().count(app.db.read()).await?;
    let conversations = conversation::Entity::find().count(app.db.read()).await?;
    if staff > 0 || conversations > 0 {
        return Err(Error::conflict(
            "not_empty",
            "В этой базе уже есть данные. Для демонстрации нужна пустая база: укажите другую папку данных",
            "This database holds data already. A demonstration needs an empty one: choose another data folder",
        ));
    }
    Ok(())
}

/// The company's settings, its administrator and its operators. Answers their names and logins.
pub(super) async fn staff(app: &App, world: &World, options: &Options) -> Result<Vec<(String, String)>> {
    let tx = app.write().await?;
    let company = setting::CompanyPatch {
        company_name: Some(world.company.name.clone()),
        default_locale: Some(Language::Ru),
        default_time_zone: Some(TIME_ZONE.to_owned()),
    };
    setting::update_company(&tx, &Actor::system(), company).await?;
    tx.commit().await?;
    let administrator = ("Вера Соколова".to_owned(), format!("admin@{}", world.company.domain), role::ADMINISTRATOR);
    let role_of = |operator: &Operator| if operator.supervisor { "supervisor" } else { "operator" };
    let operators = world.operators.iter().map(|one| (one.name.short(), one.email.clone(), role_of(one)));
    let mut people = Vec::new();
    for (name, email, role) in std::iter::once(administrator).chain(operators) {
        auth::ops::create_user(app, &email, &name, role, &options.password).await?;
        people.push((name, email));
    }
    Ok(people)
}

/// Groups, lines, companies and clients.
pub(super) async fn lines_and_clients(app: &App, world: &World) -> Result<Places> {
    let mut places = Places::default();
    let actor = Actor::system();
    let tx = app.write().await?;
    for operator in &world.operators {
        let user = user::by_email(&tx, &operator.email).await?.ok_or(Error::NotFound("user"))?;
        places.operators.push((user.id, user.name));
    }
    for part in &world.groups {
        let member_ids = part.members.iter().map(|&member| places.operators[member].0).collect();
        let new = group::NewGroup { name: part.name.to_owned(), description: part.description.to_owned(), member_ids };
        places.groups.push(group::create(&tx, &actor, new).await?.id);
    }
    for part in &world.lines {
        let new = line::NewLine {
            key: part.key.to_owned(),
            name: part.name.to_owned(),
            public_name: part.public_name.to_owned(),
            description: part.description.to_owned(),
            kind: None,
            operator_group_ids: vec![places.groups[part.operator_group]],
            supervisor_group_ids: vec![places.groups[part.supervisor_group]],
            reader_group_ids: Vec::new(),
            signature_html: format!("<p>С уважением,<br>{{{{operator}}}}<br>{}</p>", part.public_name),
            chats: line::ChatRules::default(),
            hours: line::LineHours::default(),
            hide_operators: false,
            conversation_title: String::new(),
            auto_reply: line::AutoReply {
                enabled: part.auto_reply,
                subject: "Обращение № {{number}} принято".to_owned(),
                text: "Здравствуйте!\n\nВаше обращение принято, номер {{number}}. Ответим в течение рабочего дня: \
                    с 9 до 19 по Екатеринбургу.\n\nОтвечайте на это письмо, чтобы дополнить обращение.\n\n{{line}}"
                    .to_owned(),
            },
        };
        let id = line::create(&tx, &actor, new).await?.id;
        places.lines.push((id, Address { name: Some(part.public_name.to_owned()), address: part.address.clone() }));
    }
    // The company did not open today.
    let opened = world.start() - Duration::days(30);
    user::Entity::update_many().col_expr(user::Column::CreatedAt, Expr::value(opened)).exec(&tx).await?;
    group::Entity::update_many().col_expr(group::Column::CreatedAt, Expr::value(opened)).exec(&tx).await?;
    line::Entity::update_many().col_expr(line::Column::CreatedAt, Expr::value(opened)).exec(&tx).await?;
    let form = bulk::Form::of(&app.db);
    let mut companies = Rows::<company::Entity>::default();
    let company_ids: Vec<CompanyId> = (0..world.companies.len()).map(|_| CompanyId(tx.new_id())).collect();
    for (company, &id) in world.companies.iter().zip(&company_ids) {
        companies.push(form, company_row(id, company, opened));
    }
    bulk::insert(&tx, companies.take()).await?;
    let mut contacts = Rows::<contact::Entity>::default();
    let mut identities = Rows::<identity::Entity>::default();
    for (index, client) in world.clients.iter().enumerate() {
        let contact_id = ContactId(tx.new_id());
        let identity_id = IdentityId(tx.new_id());
        let company_id = client.company.map(|place| company_ids[place]);
        contacts.push(form, contact_row(contact_id, company_id, client, index, opened));
        let phone = text::phone::format(&client.phone);
        let email = (identity_id, identity::Kind::Email, client.email.clone(), client.email.clone());
        let phone = (IdentityId(tx.new_id()), identity::Kind::Phone, phone, client.phone.clone());
        for (id, kind, value, value_key) in [email, phone] {
            identities.push(
                form,
                identity::Model { id, contact_id, kind, value, value_key, verified: true, created_at: opened },
            );
        }
        let address = Address { name: Some(client.name.short()), address: client.email.clone() };
        places.clients.push(Place { contact_id, identity_id, address });
    }
    bulk::insert(&tx, contacts.take()).await?;
    bulk::insert(&tx, identities.take()).await?;
    tx.commit().await?;
    Ok(places)
}

fn company_row(id: CompanyId, company: &crate::Company, created_at: Timestamp) -> company::Model {
    company::Model {
        id,
        name: company.name.clone(),
        name_folded: text::fold(&company.name),
        inn: Some(company.inn.clone()),
        domain: Some(company.domain.clone()),
        manager_id: None,
        category: String::new(),
        created_at,
    }
}

fn contact_row(
    id: ContactId,
    company_id: Option<CompanyId>,
    client: &crate::Client,
    index: usize,
    created_at: Timestamp,
) -> contact::Model {
    const NOTES: [&str; 5] = [
        "Звонить после 11:00, по утрам в зале",
        "Предпочитает письма, на звонки не отвечает",
        "Документы только через ЭДО",
        "Второй магазин открывает весной, спросить про оборудование",
        "Постоянный клиент, скидка 7 %",
    ];
    let mut rng = Rng::new(0, 10, index as u64);
    let name = client.name.short();
    contact::Model {
        id,
        name_folded: text::fold(&name),
        name,
        company_id,
        position: client.position.to_owned(),
        note: if rng.percent(12.0) { rng.pick(&NOTES).to_owned() } else { String::new() },
        manager_id: None,
        category: String::new(),
        locale: None,
        time_zone: None,
        avatar_color: color_of(id.0),
        created_at,
    }
}

/// An id that sorts by the time of its conversation, so that the index of ids grows at its end.
pub(super) fn id_at(at: Timestamp, rng: &mut Rng) -> Uuid {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    let (a, b) = (rng.next().to_be_bytes(), rng.next().to_be_bytes());
    let random = [a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], b[0], b[1]];
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
