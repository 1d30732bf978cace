//! Who holds a lease: a name for this process by which others on the same machine can tell that it is dead.
//!
//! A lease of a process that was killed must not have to run out before somebody else takes over, and the lease of one
//! that is alive must never be taken from it. On Linux the name holds the boot, the PID namespace, the PID and the start
//! time of the process; on other systems, or seen from another machine, nothing can be said and the lease runs out.

use std::fs;
use std::sync::LazyLock;

/// The name of this process, the same for its whole life.
pub fn this() -> &'static str {
    static NAME: LazyLock<String> = LazyLock::new(|| {
        let pid = std::process::id();
        match (place(), start_time(pid)) {
            (Some(place), Some(start)) => format!("{place}/{pid}/{start}"),
            _ => format!("?/{pid}/{}", uuid::Uuid::now_v7().simple()),
        }
    });
    &NAME
}

/// Whether the process of that name is certainly gone. False when nobody can tell.
pub fn is_dead(name: &str) -> bool {
    let mut parts = name.rsplitn(3, '/');
    let (Some(start), Some(pid), Some(there)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let (Ok(pid), Some(here)) = (pid.parse::<u32>(), place()) else { return false };
    there == here && start_time(pid).as_deref() != Some(start)
}

/// Whether the process of that name ran since the machine was last started. False when nobody can tell.
pub fn is_of_this_boot(name: &str) -> bool {
    let boot = name.split('/').next();
    boot.is_some() && boot == place().as_deref().and_then(|place| place.split('/').next())
}

/// The boot of the machine and the PID namespace (a container has its own): where a PID means something.
fn place() -> Option<String> {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let namespace = fs::read_link("/proc/self/ns/pid").ok()?;
    let number: String = namespace.to_string_lossy().chars().filter(char::is_ascii_digit).collect();
    Some(format!("{}/{number}", boot.trim()))
}

/// Field 22 of /proc/PID/stat (proc(5)): when the process started, in clock ticks after the boot.
fn start_time(pid: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name of the program, in brackets, may hold anything.
    let (_, after) = stat.rsplit_once(") ")?;
    let mut fields = after.split(' ');
    // A zombie has ended already.
    if fields.next()? == "Z" {
        return None;
    }
    Some(fields.nth(18)?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_alive_and_an_ended_one_is_dead() {
        assert!(!is_dead(this()));
        assert!(is_of_this_boot(this()));
        let mut child = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let name = format!("{}/{}/{}", place().unwrap(), child.id(), start_time(child.id()).unwrap());
        assert!(!is_dead(&name));
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(is_dead(&name));
        assert!(is_dead(&format!("{}/{}/1", place().unwrap(), std::process::id())), "another process with our PID");
    }

    #[test]
    fn of_other_machines_nothing_is_known() {
        assert!(!is_dead("0123/4026531836/1/1"));
        assert!(!is_of_this_boot("0123/4026531836/1/1"));
        assert!(!is_dead("?/12/abc"));
        assert!(!is_dead("12-abc"));
    }
}
