// A list that comes in pages, read page by page as the person asks for more.
import { useInfiniteQuery } from "@tanstack/react-query";
import { type CallOptions, get } from "./http.ts";
import type { Page } from "./types.ts";

export interface Pages<T> {
  /** Undefined while the first page is on its way. */
  rows: T[] | undefined;
  error: unknown;
  retry: () => void;
  more: boolean;
  loadingMore: boolean;
  loadMore: () => void;
}

export function usePages<T>(
  key: readonly unknown[],
  path: string,
  query: NonNullable<CallOptions["query"]> = {},
): Pages<T> {
  const found = useInfiniteQuery({
    queryKey: [...key, query],
    queryFn: ({ signal, pageParam }) =>
      get<Page<T>>(path, { limit: 50, ...query, after: pageParam || undefined }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next,
  });
  return {
    rows: found.data?.pages.flatMap((page) => page.items),
    error: found.error,
    retry: () => void found.refetch(),
    more: found.hasNextPage,
    loadingMore: found.isFetchingNextPage,
    loadMore: () => void found.fetchNextPage(),
  };
}
