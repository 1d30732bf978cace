// Sign-in. After it the person is where they wanted to be.
import { Alert, Button, TextInput } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, post } from "@/api/http.ts";
import { meQuery } from "@/api/me.ts";
import type { Me } from "@/api/types.ts";
import { PasswordField } from "@/ui/password-field.tsx";
import { errorText } from "@/ui/states.tsx";
import styles from "./auth.module.css";
import { AuthFrame } from "./auth-frame.tsx";
import { localPath } from "./next.ts";

const route = getRouteApi("/login");

export function LoginPage() {
  const { t } = useTranslation();
  const { next } = route.useSearch();
  const client = useQueryClient();
  const router = useRouter();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [pause, setPause] = useState(0);

  const signIn = useMutation({
    mutationFn: () => post<{ user: Me }>("/session", { login: login.trim(), password }),
    onSuccess: ({ user }) => {
      client.clear();
      client.setQueryData(meQuery.queryKey, user);
      router.history.push(localPath(next));
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === "rate_limited")
        setPause(error.problem.retry_after ?? 60);
    },
  });
  const waiting = pause > 0;
  useEffect(() => {
    if (!waiting) return;
    const timer = setInterval(() => setPause((left) => Math.max(0, left - 1)), 1_000);
    return () => clearInterval(timer);
  }, [waiting]);
  const refused = signIn.error && !(signIn.error instanceof ApiError && signIn.error.code === "rate_limited");

  return (
    <AuthFrame title={t("auth:login.title")} text={t("auth:login.text")}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!waiting) signIn.mutate();
        }}
      >
        <TextInput
          label={t("auth:field.email")}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
          type="email"
          autoComplete="username"
          autoFocus
          required
          withAsterisk={false}
          data-testid="login-name"
        />
        <PasswordField
          label={t("auth:field.password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={refused ? errorText(signIn.error, t) : undefined}
          required
          withAsterisk={false}
          data-testid="login-password"
        />
        {waiting && (
          <Alert
            color="yellow"
            icon={<IconClock size={18} stroke={1.5} />}
            title={t("auth:login.limitedTitle")}
            data-testid="login-limited"
          >
            {t("auth:login.limited", { time: clock(pause) })}
          </Alert>
        )}
        <Button type="submit" loading={signIn.isPending} disabled={waiting} data-testid="login-submit">
          {t("auth:login.submit")}
        </Button>
      </form>
    </AuthFrame>
  );
}

/** 75 -> "1:15". */
function clock(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
