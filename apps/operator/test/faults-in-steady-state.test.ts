import { testFaults } from "./faults/matrix.ts";

testFaults("steady state");
