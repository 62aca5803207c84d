import { testFaults } from "./faults/matrix.ts";

testFaults("start-up");
