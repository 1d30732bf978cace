//! The rows and the two forms of the table.
//!
//! Invariant: the same filter gives the same rows as the list, page by page, and never holds more than a page of them.

use std::str::FromStr;

use app::App;
use base::{Actor, Error, Language, PageRequest, Result, Timestamp};
use chrono::{Offset, TimeZone};
use chrono_tz::Tz;
use desk::conversation::{ConversationRow, Filter, Priority, Status, list_rows};
use futures::{Stream, StreamExt, stream};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use text::{harmless_cell, table_line};

/// A table in the making.
#[derive(Clone)]
pub(super) struct Table {
    pub app: App,
    pub actor: Actor,
    pub filter: Filter,
    pub zone: Tz,
}

/// The asker's zone; one that this server does not know is UTC.
pub(super) fn zone_of(name: &str) -> Tz {
    Tz::from_str(name).unwrap_or(Tz::UTC)
}

const COLUMNS: [(&str, &str, f64); 14] = [
    ("Номер", "Number", 9.0),
    ("Тема", "Subject", 44.0),
    ("Состояние", "Status", 12.0),
    ("Приоритет", "Priority", 11.0),
    ("Канал", "Channel", 11.0),
    ("Линия", "Line", 22.0),
    ("Клиент", "Client", 26.0),
    ("Компания", "Company", 26.0),
    ("Оператор", "Operator", 22.0),
    ("Создано", "Created", 17.0),
    ("Последнее сообщение", "Last message", 20.0),
    ("Первый ответ", "First reply", 17.0),
    ("Закрыто", "Closed", 17.0),
    ("Сообщений", "Messages", 11.0),
];

enum Cell {
    Number(i64),
    Text(String),
    Time(Option<Timestamp>),
}

impl Table {
    /// The pages of the list, one after another.
    fn pages(&self) -> impl Stream<Item = Result<Vec<ConversationRow>>> + use<> {
        let table = self.clone();
        stream::try_unfold(Some(None::<String>), move |after| {
            let table = table.clone();
            async move {
                let Some(after) = after else { return Ok(None) };
                let request = PageRequest { limit: Some(200), after };
                let page = list_rows(table.app.db.read(), &table.actor, &table.filter, &request).await?;
                Ok::<_, Error>(Some((page.items, page.next.map(Some))))
            }
        })
    }

    fn head(&self) -> Vec<&'static str> {
        let ru = self.actor.language == Language::Ru;
        COLUMNS.iter().map(|(name, english, _)| if ru { *name } else { *english }).collect()
    }

    fn cells(&self, row: ConversationRow) -> [Cell; 14] {
        let ru = self.actor.language == Language::Ru;
        let say = |pair: (&str, &str)| Cell::Text(if ru { pair.0 } else { pair.1 }.to_owned());
        [
            Cell::Number(row.number),
            Cell::Text(row.subject),
            say(match row.status {
                Status::Open => ("Открыто", "Open"),
                Status::Snoozed => ("Отложено", "Snoozed"),
                Status::Closed => ("Закрыто", "Closed"),
                Status::Spam => ("Спам", "Spam"),
            }),
            say(match row.priority {
                Priority::None => ("", ""),
                Priority::Low => ("Низкий", "Low"),
                Priority::Medium => ("Средний", "Medium"),
                Priority::High => ("Высокий", "High"),
            }),
            Cell::Text(row.channel.as_str().to_owned()),
            Cell::Text(row.line.name),
            Cell::Text(row.contact.name),
            Cell::Text(row.contact.company.map(|company| company.name).unwrap_or_default()),
            Cell::Text(row.assignee.map(|assignee| assignee.name).unwrap_or_default()),
            Cell::Time(Some(row.created_at)),
            Cell::Time(Some(row.last_message_at)),
            Cell::Time(row.first_reply_at),
            Cell::Time(row.closed_at),
            Cell::Number(row.message_count),
        ]
    }

    /// As text, piece by piece. In Russian by semicolons, as Excel there expects it.
    pub fn csv(self) -> impl Stream<Item = Result<Vec<u8>, std::io::Error>> {
        let separator = if self.actor.language == Language::Ru { ';' } else { ',' };
        let head: Vec<String> = self.head().into_iter().map(str::to_owned).collect();
        // Excel takes a file for UTF-8 by this mark only.
        let first = format!("\u{feff}{}", table_line(&head, separator));
        let pages = self.pages();
        let rest = pages.map(move |page| {
            let page = page.map_err(std::io::Error::other)?;
            let text: String = page.into_iter().map(|row| table_line(&self.texts(row), separator)).collect();
            Ok(text.into_bytes())
        });
        stream::iter([Ok(first.into_bytes())]).chain(rest)
    }

    fn texts(&self, row: ConversationRow) -> Vec<String> {
        let text = |cell: Cell| match cell {
            Cell::Number(number) => number.to_string(),
            Cell::Text(text) => harmless_cell(text),
            Cell::Time(at) => {
                at.map(|at| at.with_timezone(&self.zone).format("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
            }
        };
        self.cells(row).into_iter().map(text).collect()
    }

    /// As an Excel workbook. Its rows lie in a temporary file, not in memory.
    pub async fn xlsx(self) -> Result<Vec<u8>> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet_with_constant_memory().map_err(Error::internal)?;
        write_head(sheet, &self.head()).map_err(Error::internal)?;
        let time = Format::new().set_num_format("yyyy-mm-dd hh:mm");
        let mut pages = std::pin::pin!(self.pages());
        let mut at = 1;
        while let Some(page) = pages.next().await {
            for row in page? {
                self.write_row(sheet, at, row, &time).map_err(Error::internal)?;
                at += 1;
            }
        }
        book.save_to_buffer().map_err(Error::internal)
    }

    fn write_row(&self, sheet: &mut Worksheet, at: u32, row: ConversationRow, time: &Format) -> Result<(), XlsxError> {
        for (column, cell) in (0u16..).zip(self.cells(row)) {
            match cell {
                Cell::Number(number) => sheet.write_number(at, column, number as f64)?,
                Cell::Text(text) => sheet.write_string(at, column, text)?,
                Cell::Time(None) => sheet,
                Cell::Time(Some(moment)) => sheet.write_number_with_format(at, column, self.serial(moment), time)?,
            };
        }
        Ok(())
    }

    /// Excel counts days since the end of 1899, on the wall's clock.
    fn serial(&self, at: Timestamp) -> f64 {
        let offset = self.zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
        (at.timestamp() + i64::from(offset)) as f64 / 86_400.0 + 25_569.0
    }
}

fn write_head(sheet: &mut Worksheet, head: &[&str]) -> Result<(), XlsxError> {
    for (column, (_, _, width)) in (0u16..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for (column, name) in (0u16..).zip(head) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
    }
    Ok(())
}
