import { Injectable } from '@nestjs/common';
import { DEMO_SHOP_PATH } from '../../demo-data.js';
import { Visits } from '../visits.js';

/** Browsers at the second application, with a cookie of its own. */
@Injectable()
export class ShopVisits extends Visits {
  protected override readonly cookieName = 'demo_shop';
  protected override readonly path = `/${DEMO_SHOP_PATH}`;
}
