// Sending files, with progress. `fetch` cannot tell how much has left, so this is the one place that uses XMLHttpRequest.
import { ApiError, address, OfflineError } from "@/api/http.ts";
import type { Attachment, Items } from "@/api/types.ts";

export const largestFile = 25 * 1024 * 1024;

export function upload(
  file: File,
  onProgress: (part: number) => void,
  signal?: AbortSignal,
): Promise<Attachment> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append("file", file, file.name || "image.png");
    request.open("POST", address("/files"));
    request.responseType = "json";
    request.setRequestHeader("Accept-Language", document.documentElement.lang);
    request.upload.onprogress = (event) =>
      onProgress(event.lengthComputable ? event.loaded / event.total : 0);
    request.onload = () => {
      const answer = request.response as (Items<Attachment> & { code?: string }) | null;
      const attachment = answer?.items?.[0];
      if (request.status < 300 && attachment) resolve(attachment);
      else if (answer && typeof answer.code === "string") reject(new ApiError(answer as never));
      else reject(new OfflineError());
    };
    request.onerror = () => reject(new OfflineError());
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}
