// What the pages of web forms read.
import { queryOptions } from "@tanstack/react-query";
import { get } from "@/api/http.ts";
import type { Id, Items, Line, WebForm } from "@/api/types.ts";

export const formsQuery = queryOptions({
  queryKey: ["forms"],
  queryFn: ({ signal }) => get<Items<WebForm>>("/forms", undefined, signal),
});
export const formQuery = (id: Id) =>
  queryOptions({
    queryKey: ["forms", id],
    queryFn: ({ signal }) => get<WebForm>(`/forms/${id}`, undefined, signal),
  });
export const openLinesQuery = queryOptions({
  queryKey: ["admin", "lines", "open"],
  queryFn: ({ signal }) => get<Items<Line>>("/lines", undefined, signal),
});
