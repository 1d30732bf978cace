//! `otklik serve`: one node, from opening the database to a graceful end.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context;
use app::{App, Config};
use axum::serve::ListenerExt;
use metrics_exporter_prometheus::PrometheusBuilder;
use tokio::net::TcpListener;

use crate::{features, http, router};

/// Serves until SIGTERM or Ctrl-C; then finishes open requests and running jobs.
pub async fn serve(config: Config) -> anyhow::Result<()> {
    // Every open chat of a site is an open file, and a login shell's limit is often 1,024.
    if let Err(error) = rlimit::increase_nofile_limit(rlimit::INFINITY) {
        tracing::warn!(%error, "the limit of open files could not be raised: {error}");
    }
    let metrics = PrometheusBuilder::new().install_recorder().context("metrics")?;
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("cannot listen on {}", config.listen))?;
    let app = App::open(config, base::Clock::System, features::ALL).await?;
    let address = listener.local_addr()?;
    let tasks = app.start();
    let router = http::with_metrics(router(&app), metrics.clone());
    announce(&app, address).await;
    let upkeep = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(5)).await;
            metrics.run_upkeep();
        }
    });
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let stop = app.stop.clone();
    tokio::spawn(stop_on_signal(app.clone()));
    let server = axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>());
    let server = server.with_graceful_shutdown(async move { stop.cancelled().await });
    let limit = Duration::from_secs(app.config.shutdown_seconds);
    let stopping = app.stop.clone();
    tokio::select! {
        served = server => served?,
        _ = async { stopping.cancelled().await; tokio::time::sleep(limit).await } => tracing::warn!("open requests took longer than {limit:?}, stopping anyway"),
    }
    for task in tasks {
        let _ = tokio::time::timeout(limit, task).await;
    }
    upkeep.abort();
    app.db.close().await?;
    tracing::info!("stopped");
    Ok(())
}

async fn announce(app: &App, address: SocketAddr) {
    let url = if app.config.public_url.is_empty() { format!("http://{address}") } else { app.config.public_url() };
    tracing::info!(database = app.db.product(), "serving on {address}");
    println!("\n  Отклик работает: {url}");
    match auth::ops::setup::needed(app).await {
        Ok(true) => println!(
            "  Откройте этот адрес: первая страница спросит название компании и создаст администратора.\n  Open it: the first page asks for the company's name and creates the administrator.\n"
        ),
        _ => println!(
            "  Войдите со своей почтой и паролем. Забыли пароль: otklik user reset-password --email ВАША@ПОЧТА\n  Sign in with your e-mail and password.\n"
        ),
    }
}

async fn stop_on_signal(app: App) {
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate => {}
    }
    tracing::info!("stopping");
    app.stop.cancel();
}
