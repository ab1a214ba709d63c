// A real identity provider (npm oidc-provider) on the loopback, for tests: node provider.mjs PORT CLIENTS
// Whoever says a login at its form is believed; it ends with its parent.
import { Provider } from "oidc-provider";

const [port, clients] = [Number(process.argv[2]), JSON.parse(process.argv[3])];
const issuer = `http://127.0.0.1:${port}`;

const provider = new Provider(issuer, {
  clients,
  acrValues: ["weak", "strong"],
  conformIdTokenClaims: false,
  claims: { openid: ["sub", "acr", "auth_time", "employee"] },
  cookies: { keys: ["not a secret: for tests alone"] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, employee: `${id}.employee` }) }),
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  // Ours are no third parties: nobody is asked whether they may know who she is.
  async loadExistingGrant(context) {
    const { session, client, params } = context.oidc;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(params.scope);
    await grant.save();
    return grant;
  },
});

const FORM = '<!doctype html><title>Provider</title><form method="post"><label>Login <input name="login"></label><button>Continue</button></form>';

provider.use(async (context, next) => {
  if (!context.path.startsWith("/interaction/")) return next();
  if (context.method === "GET") {
    context.type = "html";
    context.body = FORM;
    return undefined;
  }
  const { params } = await provider.interactionDetails(context.req, context.res);
  const chunks = [];
  for await (const chunk of context.req) chunks.push(chunk);
  const accountId = new URLSearchParams(Buffer.concat(chunks).toString()).get("login");
  // "weak-..." cannot show more than she has.
  const acr = params.acr_values && !accountId.startsWith("weak-") ? params.acr_values.split(" ")[0] : "weak";
  context.respond = false;
  return provider.interactionFinished(context.req, context.res, { login: { accountId, acr } });
});

provider.listen(port, "127.0.0.1", () => console.log("ready"));
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
