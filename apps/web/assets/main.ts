// page script: on every page
import { showCartCount } from './cart-count.ts';
import { addSteppers } from './stepper.ts';

showCartCount();
addSteppers();
