// Files on their way to the server, before the message they belong to is sent.

import { useEffect, useRef, useState } from "preact/hooks";
import { Refusal } from "../api.ts";
import { size } from "../texts.ts";
import type { Attachment } from "../types.ts";
import { useSurroundings } from "./context.ts";

export interface Upload {
  key: number;
  file: File;
  /** 0 to 1. */
  progress: number;
  done?: Attachment;
  failed?: string;
  abort: AbortController;
}

/** As many as a person would attach to one message. */
const MOST = 10;

export function useUploads() {
  const { chat, shell, t, language } = useSurroundings();
  const [uploads, setUploads] = useState<Upload[]>([]);
  const count = useRef(0);
  const current = useRef(uploads);
  current.current = uploads;
  useEffect(
    () => () => {
      for (const { abort } of current.current) abort.abort();
    },
    [],
  );

  const change = (key: number, news: Partial<Upload>) =>
    setUploads((all) => all.map((upload) => (upload.key === key ? { ...upload, ...news } : upload)));

  const start = async ({ key, file, abort }: Upload) => {
    try {
      const done = await chat.upload(file, (progress) => change(key, { progress }), abort.signal);
      change(key, { done, progress: 1 });
    } catch (error) {
      const said =
        error instanceof Refusal && !error.passes ? error.message : t("file_failed", { name: file.name });
      if (!abort.signal.aborted) change(key, { failed: said });
    }
  };

  const add = (files: Iterable<File>) => {
    const limit = chat.state.config.max_file_bytes;
    const fresh: Upload[] = [];
    let notice = "";
    for (const file of files) {
      if (file.size > limit) notice = t("file_too_large", { name: file.name, limit: size(limit, language) });
      else if (file.size === 0) notice = t("file_empty", { name: file.name });
      else fresh.push({ key: ++count.current, file, progress: 0, abort: new AbortController() });
    }
    shell.set({ notice });
    const taken = fresh.slice(0, Math.max(0, MOST - current.current.length));
    setUploads((all) => [...all, ...taken]);
    for (const upload of taken) void start(upload);
  };

  const remove = (key: number) => {
    current.current.find((upload) => upload.key === key)?.abort.abort();
    setUploads((all) => all.filter((upload) => upload.key !== key));
  };

  const again = (upload: Upload) => {
    change(upload.key, { failed: undefined, progress: 0 });
    void start(upload);
  };

  return { uploads, add, remove, again, clear: () => setUploads([]) };
}
