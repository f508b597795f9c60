/**
 * Where the tests run: jest's environment of node, in a context whose globals are ordinary.
 *
 * Jest's own has a proxy before the globals, so that it can take back what a test puts there. Every `Math` and `Uint8Array` of
 * the code under test then goes through it, which made the laws eight times as slow as they are in node. Nothing here puts
 * anything on the globals, so there is nothing to take back.
 */
import vm from "node:vm";
import { TestEnvironment } from "jest-environment-node";

export default class OrdinaryEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    // The constructor makes its context by itself, and takes no other. Where node has no such constant (22.0 to 22.7), it gets
    // an empty one, which is slower, but has no proxy either.
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
}
