// Files on their way to the server, with progress; each can be cancelled.

import i18next from "i18next";
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "@/api/http.ts";
import type { Attachment } from "@/api/types.ts";
import { currentLocale } from "@/i18n/index.ts";
import { fileSize } from "@/lib/text.ts";
import { largestFile, upload } from "./uploads.ts";

export interface Upload {
  key: string;
  name: string;
  size: number;
  /** 0..1 */
  part: number;
}

interface Options {
  onDone: (attachment: Attachment, inline: boolean) => void;
  onError: (error: unknown) => void;
}

export function useUploads(options: Options) {
  const [items, setItems] = useState<Upload[]>([]);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const running = useRef(new Map<string, AbortController>());
  useEffect(
    () => () => {
      for (const controller of running.current.values()) controller.abort();
    },
    [],
  );

  const add = useCallback((file: File, inline: boolean) => {
    if (file.size > largestFile) {
      latest.current.onError(tooLarge(file));
      return;
    }
    const key = crypto.randomUUID();
    const controller = new AbortController();
    running.current.set(key, controller);
    setItems((old) => [...old, { key, name: file.name || "image.png", size: file.size, part: 0 }]);
    const progress = (part: number) =>
      setItems((old) => old.map((each) => (each.key === key ? { ...each, part } : each)));
    upload(file, progress, controller.signal)
      .then((attachment) => latest.current.onDone(attachment, inline))
      .catch((error: unknown) => {
        if (!(error instanceof DOMException && error.name === "AbortError")) latest.current.onError(error);
      })
      .finally(() => {
        running.current.delete(key);
        setItems((old) => old.filter((each) => each.key !== key));
      });
  }, []);

  const cancel = useCallback((key: string) => running.current.get(key)?.abort(), []);
  return { items, add, cancel };
}

function tooLarge(file: File): ApiError {
  const detail = i18next.t("desk:composer.tooLarge", {
    name: file.name,
    size: fileSize(largestFile, currentLocale()),
  });
  return new ApiError({ type: "about:blank", title: detail, status: 422, code: "invalid", detail });
}
