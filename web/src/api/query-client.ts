// The cache of server state and its habits: no retry of an answer the server meant, a session that ended leads to sign-in.
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError, OfflineError } from "./http.ts";

type Listener = () => void;
const signedOut = new Set<Listener>();

/** Calls `listener` when the server says that nobody is signed in any more. */
export function onSignedOut(listener: Listener): () => void {
  signedOut.add(listener);
  return () => signedOut.delete(listener);
}

function notice(error: Error): void {
  if (error instanceof ApiError && error.status === 401) for (const listener of signedOut) listener();
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: notice }),
  mutationCache: new MutationCache({ onError: notice }),
  defaultOptions: {
    queries: {
      // Live events say what has changed; time alone does not make data stale.
      staleTime: 60_000,
      gcTime: 10 * 60_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => error instanceof OfflineError && count < 3,
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 5_000),
    },
  },
});
