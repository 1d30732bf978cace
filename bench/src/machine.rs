//! What Linux tells of a process and of this machine, read from /proc.

use std::fs;

use anyhow::{Context, Result};

/// Linux tells process times in hundredths of a second on every architecture.
const TICKS_PER_SECOND: f64 = 100.0;

/// CPU seconds a process has used, in user and kernel mode.
pub fn cpu_seconds(pid: u32) -> Result<f64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).with_context(|| format!("process {pid}"))?;
    let fields = after_name(&stat);
    let times = fields.get(11..13).context("/proc/PID/stat is too short")?;
    Ok(times.iter().filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS_PER_SECOND)
}

/// CPU seconds of the living children of a process and of itself: of a PostgreSQL server and its backends.
pub fn cpu_seconds_of_family(parent: u32) -> Result<f64> {
    let mut total = cpu_seconds(parent)?;
    for entry in fs::read_dir("/proc")?.filter_map(Result::ok) {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(stat) = fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        if after_name(&stat).get(1).and_then(|ppid| ppid.parse().ok()) == Some(parent) {
            total += cpu_seconds(pid).unwrap_or(0.0);
        }
    }
    Ok(total)
}

/// The fields after the name, which may itself hold spaces and brackets; the first one is the state.
fn after_name(stat: &str) -> Vec<&str> {
    stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default()
}

/// Memory of a process, in MB (1,000,000 bytes).
#[derive(Clone, Copy, Debug, Default)]
pub struct Memory {
    /// All resident pages now, those of mapped files too.
    pub resident: f64,
    /// Of these its own: heap and stacks.
    pub own: f64,
    /// The most that was resident.
    pub peak: f64,
}

pub fn memory(pid: u32) -> Result<Memory> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).with_context(|| format!("process {pid}"))?;
    let field = |name: &str| field_kb(&status, name) * 1024.0 / 1e6;
    Ok(Memory { resident: field("VmRSS:"), own: field("RssAnon:"), peak: field("VmHWM:") })
}

fn field_kb(text: &str, name: &str) -> f64 {
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    value.and_then(|value| value.split_whitespace().next()).and_then(|kb| kb.parse().ok()).unwrap_or(0.0)
}

/// Processor, cores, memory and kernel in one line.
pub fn description() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or(": unknown processor")
        .trim_start_matches([' ', '\t', ':']);
    let cores = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let memory = field_kb(&fs::read_to_string("/proc/meminfo").unwrap_or_default(), "MemTotal:") * 1024.0 / 1e9;
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{model}, {cores} cores, {memory:.0} GB, Linux {}", kernel.trim())
}

/// How many processes wanted a core, on average, in the last minute.
pub fn load_average() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().next().and_then(|load| load.parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_move_the_fields() {
        assert_eq!(after_name("7 (a) b (c)) S 1 7 7")[..2], ["S", "1"]);
    }

    #[test]
    fn this_process_has_memory_and_used_time() {
        let pid = std::process::id();
        let memory = memory(pid).unwrap();
        assert!(memory.own > 0.0 && memory.peak >= memory.resident && memory.resident > memory.own, "{memory:?}");
        // Asked first: meanwhile it may have used more.
        let own = cpu_seconds(pid).unwrap();
        assert!(cpu_seconds_of_family(pid).unwrap() >= own);
    }
}
