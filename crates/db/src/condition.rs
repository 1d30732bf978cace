//! `base::Condition` as SQL. Must agree with `Condition::matches` on every record.

use base::condition::{Condition, Operator, Test, fold};
use base::{Error, Result};
use chrono::{DateTime, Utc};
use sea_orm::sea_query::{Cond, Expr, ExprTrait, LikeExpr, SimpleExpr};
use serde_json::Value;

/// A field that a condition may name, as a column of the query.
pub struct Field {
    pub column: SimpleExpr,
    pub kind: Kind,
}

/// How a field's values are written in JSON and compared in SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text whose column holds the folded form (lower case, ё as е).
    Folded,
    /// A code such as `open`: compared as it is.
    Code,
    Number,
    Bool,
    /// RFC 3339 in JSON.
    Time,
    /// A UUID in JSON.
    Id,
}

/// Turns a condition into SQL; `field` tells the column of a name, and an unknown name is an error that names it.
pub fn to_sql(condition: &Condition, field: &dyn Fn(&str) -> Option<Field>) -> Result<Cond> {
    Ok(match condition {
        Condition::All { all } => group(Cond::all(), all, field)?,
        Condition::Any { any } if any.is_empty() => Cond::all().add(Expr::val(false)),
        Condition::Any { any } => group(Cond::any(), any, field)?,
        Condition::None { none } if none.is_empty() => Cond::all(),
        Condition::None { none } => group(Cond::any(), none, field)?.not(),
        Condition::Test(test) => {
            let found = field(&test.field).ok_or_else(|| Error::Invalid(vec![unknown(&test.field)]))?;
            Cond::all().add(test_sql(test, found)?)
        }
    })
}

fn group(mut cond: Cond, inner: &[Condition], field: &dyn Fn(&str) -> Option<Field>) -> Result<Cond> {
    for condition in inner {
        cond = cond.add(to_sql(condition, field)?);
    }
    Ok(cond)
}

fn unknown(name: &str) -> base::FieldError {
    base::FieldError {
        field: format!("condition.{name}"),
        code: "unknown_field",
        words: base::Words::owned(format!("Нет такого поля: {name}"), format!("There is no such field: {name}")),
    }
}

fn test_sql(test: &Test, Field { column, kind }: Field) -> Result<SimpleExpr> {
    use Operator::*;
    let one = |value: &Value| literal(test, kind, value);
    let list = || test.list().iter().map(one).collect::<Result<Vec<_>>>();
    let pattern = |value: &Value, before: &str, after: &str| -> Result<LikeExpr> {
        let text = value.as_str().ok_or_else(|| bad_value(test))?;
        let text = if kind == Kind::Folded { fold(text) } else { text.to_owned() };
        let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        Ok(LikeExpr::new(format!("{before}{escaped}{after}")).escape('\\'))
    };
    let likes = |mut cond: Cond, before: &str, after: &str| -> Result<SimpleExpr> {
        for value in test.values() {
            cond = cond.add(column.clone().like(pattern(value, before, after)?));
        }
        Ok(cond.into())
    };
    // A test on a null is false, and its negation true: three-valued logic must not leak into what people see.
    let known = |expr: SimpleExpr| column.clone().is_not_null().and(expr);
    let is_null = Value::is_null(&test.value);
    Ok(match test.operator {
        Empty if matches!(kind, Kind::Folded | Kind::Code) => column.clone().is_null().or(column.eq("")),
        Empty => column.is_null(),
        NotEmpty if matches!(kind, Kind::Folded | Kind::Code) => known(column.clone().ne("")),
        NotEmpty => column.is_not_null(),
        Eq if is_null => column.is_null(),
        Ne if is_null => column.is_not_null(),
        Eq => known(column.clone().eq(one(&test.value)?)),
        Ne => column.clone().is_null().or(column.ne(one(&test.value)?)),
        In => known(column.clone().is_in(list()?)),
        NotIn => column.clone().is_null().or(column.is_not_in(list()?)),
        // An empty list holds nothing to find, so that any is false and all is true.
        Contains | StartsWith | EndsWith if test.values().is_empty() => Expr::val(false),
        ContainsAll if test.values().is_empty() => column.is_not_null(),
        NotContains if test.values().is_empty() => Expr::val(true),
        Contains => known(likes(Cond::any(), "%", "%")?),
        ContainsAll => known(likes(Cond::all(), "%", "%")?),
        NotContains => column.clone().is_null().or(likes(Cond::any(), "%", "%")?.not()),
        StartsWith => known(likes(Cond::any(), "", "%")?),
        EndsWith => known(likes(Cond::any(), "%", "")?),
        Lt => known(column.clone().lt(one(&test.value)?)),
        Lte => known(column.clone().lte(one(&test.value)?)),
        Gt => known(column.clone().gt(one(&test.value)?)),
        Gte => known(column.clone().gte(one(&test.value)?)),
        Between => match test.list() {
            [low, high] => known(column.clone().gte(one(low)?).and(column.clone().lte(one(high)?))),
            _ => return Err(bad_value(test)),
        },
    })
}

fn literal(test: &Test, kind: Kind, value: &Value) -> Result<SimpleExpr> {
    let literal = match kind {
        Kind::Folded => value.as_str().map(|text| Expr::val(fold(text))),
        Kind::Code => value.as_str().map(|text| Expr::val(text.to_owned())),
        Kind::Number => value.as_i64().map(Expr::val).or_else(|| value.as_f64().map(Expr::val)),
        Kind::Bool => value.as_bool().map(Expr::val),
        Kind::Time => value
            .as_str()
            .and_then(|text| DateTime::parse_from_rfc3339(text).ok())
            .map(|time| Expr::val(time.with_timezone(&Utc))),
        Kind::Id => value.as_str().and_then(|text| text.parse::<uuid::Uuid>().ok()).map(Expr::val),
    };
    literal.ok_or_else(|| bad_value(test))
}

fn bad_value(test: &Test) -> Error {
    Error::Invalid(vec![base::FieldError {
        field: format!("condition.{}", test.field),
        code: "bad_value",
        words: base::Words::owned(
            format!("Неподходящее значение поля {}", test.field),
            format!("This value does not fit the field {}", test.field),
        ),
    }])
}
