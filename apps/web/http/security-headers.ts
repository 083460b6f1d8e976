import type { FastifyInstance } from 'fastify';

/** Everything comes from here; no script and no style stands in a page itself. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
};

export const securityHeaders = (isSecure: boolean): Record<string, string> => ({
  ...HEADERS,
  ...(isSecure && { 'strict-transport-security': 'max-age=31536000' }),
});

/** With every answer. A page is nobody's to keep until its route says otherwise. */
export function addSecurityHeaders(app: FastifyInstance, { secureCookies }: { secureCookies: boolean }): void {
  const headers = securityHeaders(secureCookies);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(headers);
  });
  app.addHook('onSend', async (_request, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'private, no-store');
  });
}
