// A server whose clock is set by a story: days pass when it says so. Debian's libfaketime tells the server the time; its
// timers, the database and everything else go on as they are.

import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class ServerTime {
  private constructor(
    private readonly folder: string,
    private readonly library: string,
  ) {}

  /** A clock that goes on from this moment, as "2026-12-30T13:50:00+03:00". */
  static async from(moment: string): Promise<ServerTime> {
    const folders = (await readdir("/usr/lib")).map((name) => `/usr/lib/${name}/faketime/libfaketimeMT.so.1`);
    const library = folders.find(existsSync);
    if (!library) throw new Error("libfaketime is missing: run scripts/setup.sh test");
    const time = new ServerTime(await mkdtemp(join(tmpdir(), "otklik-time-")), library);
    await time.set(moment);
    return time;
  }

  /** What the server is to be started with. */
  get settings(): Record<string, string> {
    return {
      LD_PRELOAD: this.library,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_CACHE_DURATION: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
      DONT_FAKE_MONOTONIC: "1",
    };
  }

  /** The server sees it within a second. */
  async set(moment: string): Promise<void> {
    await writeFile(this.file, `+${Math.round((Date.parse(moment) - Date.now()) / 1000)}\n`);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  private get file(): string {
    return join(this.folder, "faketime");
  }
}
