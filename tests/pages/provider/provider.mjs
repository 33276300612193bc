// A certified OpenID provider (npm oidc-provider) for one test: `node provider.mjs PORT HUB`. Whoever comes is signed in as `ada`.
import Provider from "oidc-provider";

const [port, hub] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{
    client_id: "hub", client_secret: "a-secret-for-one-test", redirect_uris: [`${hub}/sign-in/elsewhere/back`],
    backchannel_logout_uri: `${hub}/sign-in/elsewhere/logout`, backchannel_logout_session_required: true,
    post_logout_redirect_uris: [`${hub}/`],
  }],
  features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  pkce: { required: () => true, methods: ["S256"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  cookies: { keys: ["for one test"] },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
});
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith("/interaction/")) return next();
  const { prompt, params, session } = await provider.interactionDetails(ctx.req, ctx.res);
  if (prompt.name === "login") {
    return provider.interactionFinished(ctx.req, ctx.res, { login: { accountId: "ada" } }, { mergeWithLastSubmission: false });
  }
  const grant = new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope("openid");
  return provider.interactionFinished(ctx.req, ctx.res, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
