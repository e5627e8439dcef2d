// Sources: where in this module an action is taken.

package step

import (
	"fmt"
	"reflect"
	"runtime"
	"strings"
)

// Sources gives the places of the exported methods of types by their names, file:line below the module's folder. A core
// that names its methods as the specification names its actions finds them by reflection, once.
func Sources(types ...reflect.Type) map[string]string {
	_, here, _, _ := runtime.Caller(0)
	root := strings.TrimSuffix(here, "impl/step/source.go")
	places := map[string]string{}
	for _, t := range types {
		for i := range t.NumMethod() {
			m := t.Method(i)
			pc := m.Func.Pointer()
			file, line := runtime.FuncForPC(pc).FileLine(pc)
			places[m.Name] = fmt.Sprintf("%s:%d", strings.TrimPrefix(file, root), line)
		}
	}
	return places
}
