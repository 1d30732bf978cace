// Sign-in.
export function LoginPage() {
  return <main />;
}
