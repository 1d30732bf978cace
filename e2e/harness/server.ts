// The real `otklik` binary on a database of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort, root, run, until } from "./process.ts";

const binary = resolve(root, "e2e", process.env.OTKLIK_BINARY ?? "../target/debug/otklik");

export class Otklik {
  /** Everything the server has written to its log. */
  log = "";
  private process: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    readonly url: string,
    /** All of it: the developer's own settings must not reach the server. */
    private readonly environment: Record<string, string>,
  ) {}

  /** A running server on SQLite, or on a fresh database of the cluster in OTKLIK_TEST_DATABASE_URL. */
  static async start(settings: Record<string, string> = {}): Promise<Otklik> {
    const otklik = await Otklik.prepare(settings);
    await otklik.launch().catch(async (error) => {
      await otklik.remove();
      throw error;
    });
    return otklik;
  }

  /** The same, not yet running: for commands that want the data to themselves first. */
  static async prepare(settings: Record<string, string> = {}): Promise<Otklik> {
    const folder = await mkdtemp(join(tmpdir(), "otklik-e2e-"));
    const port = await freePort();
    const environment: Record<string, string> = {
      PATH: process.env.PATH ?? "",
      RUST_BACKTRACE: "1",
      OTKLIK_DATA_DIR: folder,
      OTKLIK_LISTEN: `127.0.0.1:${port}`,
      ...settings,
    };
    const cluster = process.env.OTKLIK_TEST_DATABASE_URL;
    if (cluster) environment.OTKLIK_DATABASE_URL = await createDatabase(cluster);
    return new Otklik(folder, `http://127.0.0.1:${port}`, environment);
  }

  /** Another node on the same database and files; only PostgreSQL has room for it. */
  async startNeighbour(): Promise<Otklik> {
    const port = await freePort();
    const environment = { ...this.environment, OTKLIK_LISTEN: `127.0.0.1:${port}` };
    const neighbour = new Otklik(this.folder, `http://127.0.0.1:${port}`, environment);
    await neighbour.launch();
    return neighbour;
  }

  /** Starts the process; also after `stop`, on the same data. */
  async launch(): Promise<void> {
    const child = spawn(binary, ["serve"], {
      cwd: this.folder,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    const keep = (chunk: Buffer) => {
      this.log += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    const failed = new Promise<never>((_, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => reject(new Error(`the server ended (${signal ?? code})`)));
    });
    const ready = until("the server to be ready", async () => (await fetch(`${this.url}/readyz`)).ok);
    await Promise.race([ready, failed]).catch((error) => {
      child.kill("SIGKILL");
      throw new Error(`${error}\n${this.log}`);
    });
    failed.catch(() => {});
  }

  /** Ends the process the way a service manager does; SIGKILL is the crash. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.process;
    this.process = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    child.kill(signal);
    const impatient = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(impatient);
  }

  /** Runs another command of the binary on this server's data and gives what it prints. */
  command(...args: string[]): Promise<string> {
    const settings = Object.entries(this.environment).map(([name, value]) => `${name}=${value}`);
    return run("env", "-i", ...settings, binary, ...args);
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function createDatabase(cluster: string): Promise<string> {
  const name = `e2e_${crypto.randomUUID().replaceAll("-", "")}`;
  await run("psql", cluster, "--quiet", "--command", `create database ${name}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return url.href;
}
