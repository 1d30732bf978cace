//! `otklik doctor`: looks at everything an installation needs and says what is wrong in words.

use app::{App, Config};

use crate::features;

/// Prints one line a check; answers whether all is well.
pub async fn run(config: Config) -> bool {
    let mut report = Report { well: true };
    report.note("listen", Ok(config.listen.to_string()));
    report.note("data_dir", writable(&config.data_dir));
    let app = match App::open(config, base::Clock::System, features::ALL).await {
        Ok(app) => app,
        Err(error) => {
            report.note("database", Err(error.to_string()));
            return false;
        }
    };
    report.note("database", Ok(format!("{}, schema up to date", app.db.product())));
    report.note(
        "secret key",
        app.secrets
            .seal("x")
            .and_then(|sealed| app.secrets.open_sealed(&sealed))
            .map(|_| "works".to_owned())
            .map_err(|error| error.to_string()),
    );
    let key = "doctor/probe";
    let files = async {
        app.files.put(key, "probe".into()).await?;
        app.files.get(key).await?;
        app.files.delete(key).await
    };
    report.note("files", files.await.map(|()| "can be written and read".to_owned()).map_err(|error| error.to_string()));
    match jobs::counts(app.db.read()).await {
        Ok(counts) if counts.failed > 0 => {
            report.note("jobs", Err(format!("{} failed; see the administrator's page", counts.failed)))
        }
        Ok(counts) => {
            report.note("jobs", Ok(format!("{} waiting, {} running, none failed", counts.waiting, counts.running)))
        }
        Err(error) => report.note("jobs", Err(error.to_string())),
    }
    match email::describe_mailboxes(&app).await {
        Ok(mailboxes) => mailboxes.into_iter().for_each(|(name, state)| report.note(&name, state)),
        Err(error) => report.note("mailboxes", Err(error.to_string())),
    }
    report.well
}

struct Report {
    well: bool,
}

impl Report {
    fn note(&mut self, what: &str, result: Result<String, String>) {
        match result {
            Ok(text) => println!("ok    {what}: {text}"),
            Err(text) => {
                self.well = false;
                println!("FAIL  {what}: {text}");
            }
        }
    }
}

fn writable(folder: &std::path::Path) -> Result<String, String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let probe = folder.join(".probe");
    std::fs::write(&probe, "probe")
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder.display().to_string())
}
