import type { RequestOptions } from 'node:https';
import { Conf } from '@paypayopa/paypayopa-sdk-node';
import {
  HttpsClient,
  type HttpsClientMessage,
} from '@paypayopa/paypayopa-sdk-node/dist/lib/httpsClient';
import { PayPayRestSDK } from '@paypayopa/paypayopa-sdk-node/dist/lib/paypay-rest-sdk';
import { CREDENTIALS, MERCHANT_ID } from './running-simulator';

/** A request as PayPay's SDK signs it, caught before it leaves. */
export interface SignedRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

class Catcher extends HttpsClient {
  caught: SignedRequest | undefined;

  override httpsCall(
    options: RequestOptions,
    payload: unknown,
    callback: HttpsClientMessage,
  ): void {
    this.caught = {
      method: options.method as SignedRequest['method'],
      path: options.path ?? '',
      headers: options.headers as SignedRequest['headers'],
      body: options.method === 'POST' ? JSON.stringify(payload) : '',
    };
    callback({ STATUS: 200, BODY: null });
  }
}

/** Lets the SDK sign `call` as the merchant of the tests, or with another secret. */
export async function signed(
  call: (sdk: PayPayRestSDK) => Promise<unknown>,
  clientSecret = CREDENTIALS.apiSecret,
  merchantId = MERCHANT_ID,
): Promise<SignedRequest> {
  const catcher = new Catcher();
  const sdk = new PayPayRestSDK();
  sdk.setHttpsClient(catcher);
  sdk.configure({
    clientId: CREDENTIALS.apiKey,
    clientSecret,
    merchantId,
    conf: new Conf({ hostName: '127.0.0.1' }),
  });
  await call(sdk);
  if (catcher.caught === undefined) throw new Error('the SDK sent nothing');
  return catcher.caught;
}
