// What the chunk of the forms holds.
export { LogIn } from './LogIn.tsx';
export { SignUp } from './SignUp.tsx';
