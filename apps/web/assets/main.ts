// page script: on every page
import { showCartCount } from './cart-count.ts';
import { repriceCheckout } from './checkout.ts';
import { sendOnce, submitOnChange } from './forms.ts';
import { addSteppers } from './stepper.ts';

showCartCount();
addSteppers();
submitOnChange();
sendOnce();
repriceCheckout();
