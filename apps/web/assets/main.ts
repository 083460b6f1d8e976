// page script: on every page
import { guardCardNumbers } from './card-guard.ts';
import { showCartCount } from './cart-count.ts';
import { repriceCheckout } from './checkout.ts';
import { sendOnce, submitOnChange } from './forms.ts';
import { localMoments } from './moments.ts';
import { addSteppers } from './stepper.ts';

showCartCount();
localMoments();
addSteppers();
guardCardNumbers();
submitOnChange();
sendOnce();
repriceCheckout();
